import { readdir, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const places = ['', 'burstable', 'besteffort']

/**
 * Removes what is left of a pod's cgroups: runtimes remove the containers' and leave the pod's own, empty, in every
 * hierarchy. One that still has processes stays and is no failure here.
 */
export async function removePodCgroup(uid: string, root = '/sys/fs/cgroup'): Promise<void> {
  for (const hierarchy of await hierarchies(root)) {
    for (const place of places) await removeTree(join(hierarchy, 'kubepods', place, `pod${uid}`))
  }
}

/** The unified hierarchy itself, or the controllers' folders; only those in which there are pods at all. */
async function hierarchies(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => [])
  const candidates = [root, ...names.map((name) => join(root, name))]
  const found = await Promise.all(candidates.map(async (folder) => ((await isDirectory(join(folder, 'kubepods'))) ? [folder] : [])))
  return found.flat()
}

async function removeTree(folder: string): Promise<void> {
  const children = await readdir(folder, { withFileTypes: true }).catch(() => undefined)
  if (children === undefined) return
  for (const child of children) if (child.isDirectory()) await removeTree(join(folder, child.name))
  try {
    await rmdir(folder)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['EBUSY', 'ENOENT', 'ENOTEMPTY', 'EACCES', 'EPERM'].includes(code)) throw error
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}
