import type { Container } from '@treeline/api'
import { type AssignedPod, isSidecar } from '../assigned-pod.js'
import { newest, type PodRuntime } from './pod-runtime.js'

/**
 * Whether a container that ended with this code runs again: its own rules first, then its own policy, then the pod's.
 * KEP-5307 (container restart rules).
 */
export function restartsAfter(pod: AssignedPod, container: Container, exitCode: number): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    if (exitCodes === undefined || action !== 'Restart') continue
    const listed = (exitCodes.values ?? []).includes(exitCode)
    if (exitCodes.operator === 'In' ? listed : !listed) return true
  }
  switch (container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always') {
    case 'Always':
      return true
    case 'OnFailure':
      return exitCode !== 0
    default:
      return false
  }
}

/** Whether the container has to be started now, as far as policies go. */
export function shouldStart(pod: AssignedPod, container: Container, runtime: PodRuntime): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  const last = newest(runtime, container.name)
  if (last === undefined) return true
  if (last.state === 'running') return false
  if (last.state !== 'exited') return true
  return restartsAfter(pod, container, last.exitCode)
}

/** Policy for a container that is killed while it runs, when there is no exit code to go by. */
export function restartsWhenKilled(pod: AssignedPod, container: Container): boolean {
  return (container.restartPolicy ?? pod.spec.restartPolicy) !== 'Never' || isSidecar(container)
}
