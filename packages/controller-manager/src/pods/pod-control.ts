import { Pod } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { isNotFound, type KubernetesObject, statusCauseOf } from '@treeline/machinery'
import { objectKey } from '../ownership/object-key.js'

type Context = Pick<ReconcileContext, 'client' | 'events' | 'signal'>

/** Creates a pod and tells so on `parent`. Throws what the server answered. */
export async function createPod({ client, events, signal }: Context, pod: Pod, parent: KubernetesObject): Promise<Pod> {
  try {
    const created = await client.create(Pod, pod, { signal })
    events.event(parent, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`)
    return created
  } catch (error) {
    if (!isNamespaceTerminating(error)) events.event(parent, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`)
    throw error
  }
}

/** Deletes a pod and tells so on `parent`. Throws NotFound without an event. */
export async function deletePod({ client, events, signal }: Context, pod: Pod, parent: KubernetesObject): Promise<void> {
  try {
    await client.delete(Pod, objectKey(pod), { signal })
  } catch (error) {
    if (!isNotFound(error)) events.event(parent, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`)
    throw error
  }
  events.event(parent, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
}

/** Nothing can be created in the namespace any more: no reason to try again. */
export function isNamespaceTerminating(error: unknown): boolean {
  return statusCauseOf(error, 'NamespaceTerminating') !== undefined
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
