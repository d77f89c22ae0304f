import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Who the kubeconfig of a cluster acts as. */
export const admin = { name: 'admin', uid: 'admin', groups: ['system:masters'] } as const

/** The token of the cluster's administrator, kept with the cluster's keys; made when it is missing. */
export async function adminToken(directory: string): Promise<string> {
  const keys = join(directory, 'pki')
  const file = join(keys, 'admin.token')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await mkdir(keys, { recursive: true, mode: 0o700 })
  const token = randomBytes(32).toString('base64url')
  await writeFile(file, `${token}\n`, { mode: 0o600 })
  return token
}
