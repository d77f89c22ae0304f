import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Mode of files that hold a private key or a credential: the owner alone. */
export const secretMode = 0o600
/** Mode of certificates and public keys. */
export const publicMode = 0o644

/** Makes a directory that only its owner may enter, with its parents. */
export async function makeSecretDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** The text of a file, or undefined when there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The text of a secret file; takes it back from group and others if someone opened it to them. */
export async function readSecret(path: string): Promise<string | undefined> {
  const text = await readText(path)
  if (text !== undefined && ((await stat(path)).mode & 0o077) !== 0) await chmod(path, secretMode)
  return text
}

/** Replaces a file as one step: a reader, or a start after a crash, finds the old text or the new, never a part. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(`cannot write ${path}: ${dirname(path)} does not exist`, { cause: error })
    throw error
  }
}
