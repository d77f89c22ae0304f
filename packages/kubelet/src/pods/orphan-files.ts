import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { NodeAgent } from '../node-agent.js'
import { removePodCgroup } from '../resources/remove-cgroup.js'

/** Removes directories, logs and cgroups of pods that were deleted while no agent ran. Only to be called when all pods are known. */
export async function removeOrphanFiles(
  { podsDirectory, logsDirectory, log }: NodeAgent,
  isKnown: (uid: string) => boolean,
): Promise<void> {
  for (const uid of await names(podsDirectory)) {
    if (isKnown(uid)) continue
    log.info('removing the files of a pod that is gone', { uid })
    await rm(join(podsDirectory, uid), { recursive: true, force: true })
    await removePodCgroup(uid)
  }
  for (const name of await names(logsDirectory)) {
    const [, , uid] = name.split('_')
    if (uid !== undefined && !isKnown(uid)) await rm(join(logsDirectory, name), { recursive: true, force: true })
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
