import type { Stats } from 'node:fs'
import { lstat, mkdir, open, stat } from 'node:fs/promises'
import type { HostPathVolumeSource } from '@treeline/api'

const kinds: Readonly<Record<string, { noun: string; is: (found: Stats) => boolean }>> = {
  Directory: { noun: 'a directory', is: (found) => found.isDirectory() },
  File: { noun: 'a file', is: (found) => found.isFile() },
  Socket: { noun: 'a socket file', is: (found) => found.isSocket() },
  CharDevice: { noun: 'a character device', is: (found) => found.isCharacterDevice() },
  BlockDevice: { noun: 'a block device', is: (found) => found.isBlockDevice() },
}

/** Checks what is at a host path, before a runtime would make a directory there. Throws when it is not what was asked for. */
export async function checkHostPath({ path, type }: HostPathVolumeSource): Promise<void> {
  if (!type) return
  if (type === 'DirectoryOrCreate' && !(await exists(path))) await mkdir(path, { recursive: true, mode: 0o755 })
  if (type === 'FileOrCreate' && !(await exists(path))) await (await open(path, 'a', 0o644)).close()
  const kind = kinds[type.replace('OrCreate', '')]
  if (kind === undefined) throw new Error(`hostPath type ${type} is not supported`)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || !kind.is(found)) throw new Error(`hostPath type check failed: ${path} is not ${kind.noun}`)
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}
