import { join } from 'node:path'
import type { AssignedPod } from '../assigned-pod.js'

/** Where a runtime writes what a pod's containers print: `<namespace>_<name>_<uid>/<container>/<restart>.log`. */
export function podLogDirectory(root: string, pod: AssignedPod): string {
  const { namespace, name, uid } = pod.metadata
  return join(root, `${namespace}_${name}_${uid}`)
}

export function containerLogPath(container: string, restartCount: number): string {
  return `${container}/${restartCount}.log`
}
