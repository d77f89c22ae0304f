import { randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A file of a volume. */
export interface PayloadFile {
  readonly data: Uint8Array
  readonly mode: number
}

/** Files by path relative to the volume; `a/b` makes a directory. */
export type Payload = ReadonlyMap<string, PayloadFile>

export interface Ownership {
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/**
 * Makes a directory hold exactly the payload, so that a reader sees the old files or the new ones and never a mixture:
 * the files lie in a directory of their own, `..data` points to it and is replaced by a rename, and every visible name is
 * a link through `..data`. Returns whether anything was written. Throws on paths that leave the volume.
 */
export async function writeAtomically(volume: string, payload: Payload, owner: Ownership): Promise<boolean> {
  for (const path of payload.keys()) checkPath(path)
  const current = await currentDirectory(volume)
  if (current !== undefined && (await holds(join(volume, current), payload))) {
    await repairLinks(volume, payload)
    return false
  }
  const fresh = freshName()
  await writeFiles(join(volume, fresh), payload, owner)
  await repairLinks(volume, payload)
  await replaceLink(volume, fresh)
  await removeStale(volume, payload, fresh)
  return true
}

/** As {@link writeAtomically}, for a directory that was just made and that nobody reads yet: nothing in it is in the way. */
export async function writeFirst(volume: string, payload: Payload, owner: Ownership): Promise<void> {
  for (const path of payload.keys()) checkPath(path)
  const fresh = freshName()
  await writeFiles(join(volume, fresh), payload, owner)
  for (const name of topNames(payload)) await symlink(`..data/${name}`, join(volume, name))
  await symlink(fresh, join(volume, '..data'))
}

function freshName(): string {
  return `..${stamp(new Date())}.${randomBytes(5).readUIntBE(0, 5)}`
}

function checkPath(path: string): void {
  const parts = path.split('/')
  if (path === '' || path.length > 4_096 || path.startsWith('/')) throw new Error(`invalid path: must be relative: ${path}`)
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.length > 255)) {
    throw new Error(`invalid path: must not contain '..': ${path}`)
  }
  if (parts[0]?.startsWith('..')) throw new Error(`invalid path: must not start with '..': ${path}`)
}

async function currentDirectory(volume: string): Promise<string | undefined> {
  return await orAbsent(readlink(join(volume, '..data')))
}

async function holds(directory: string, payload: Payload): Promise<boolean> {
  const entries = await orAbsent(readdir(directory, { recursive: true, withFileTypes: true }))
  if (entries === undefined || entries.filter((entry) => entry.isFile()).length !== payload.size) return false
  for (const [path, { data, mode }] of payload) {
    const file = join(directory, path)
    const found = await orAbsent(lstat(file))
    if (found === undefined || found.size !== data.byteLength || (found.mode & 0o777) !== (mode & 0o777)) return false
    if (!(await readFile(file)).equals(data)) return false
  }
  return true
}

async function writeFiles(directory: string, payload: Payload, { uid, gid }: Ownership): Promise<void> {
  const own = async (path: string) => {
    if (uid !== undefined || gid !== undefined) await chown(path, uid ?? -1, gid ?? -1)
  }
  const made = new Set<string>()
  const folder = async (path: string): Promise<void> => {
    if (made.has(path)) return
    made.add(path)
    if (path !== directory) await folder(dirname(path))
    await mkdir(path, { recursive: path === directory })
    await chmod(path, 0o755)
    await own(path)
  }
  await folder(directory)
  for (const [path, { data, mode }] of payload) {
    const file = join(directory, path)
    await folder(dirname(file))
    await writeFile(file, data, { mode: 0o600 })
    await chmod(file, mode & 0o7777)
    await own(file)
  }
}

async function replaceLink(volume: string, target: string): Promise<void> {
  const temporary = join(volume, '..data_tmp')
  await rm(temporary, { force: true })
  await symlink(target, temporary)
  await rename(temporary, join(volume, '..data'))
}

/** Adds the visible links that are missing; those that lead nowhere for a moment are in order. */
async function repairLinks(volume: string, payload: Payload): Promise<void> {
  for (const name of topNames(payload)) {
    const link = join(volume, name)
    const target = `..data/${name}`
    const found = await orAbsent(readlink(link))
    if (found === target) continue
    await rm(link, { force: true, recursive: true })
    await symlink(target, link)
  }
}

async function removeStale(volume: string, payload: Payload, keep: string): Promise<void> {
  const names = topNames(payload)
  for (const name of await readdir(volume)) {
    if (name === keep || name === '..data' || names.has(name)) continue
    await rm(join(volume, name), { force: true, recursive: true })
  }
}

function topNames(payload: Payload): Set<string> {
  return new Set([...payload.keys()].map((path) => path.split('/', 1)[0] ?? path))
}

function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replace(/[-T:]/g, '_')
}

async function orAbsent<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EINVAL' || code === 'ENOTDIR') return undefined
    throw error
  }
}
