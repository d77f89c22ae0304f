import { Pod } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { objectKey } from '../ownership/object-key.js'
import { isTracked, trackingFinalizer } from './job-pods.js'

/** Lets a pod go whose end is counted. One that is gone already is no error. */
export async function removeTracking({ client, signal }: Pick<ReconcileContext, 'client' | 'signal'>, pod: Pod): Promise<void> {
  if (!isTracked(pod)) return
  const metadata = { uid: pod.metadata.uid, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] }
  try {
    await client.patch(Pod, objectKey(pod), { type: 'strategic', body: { metadata } }, { signal })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
