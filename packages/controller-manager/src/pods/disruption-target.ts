import { Pod, type PodCondition } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { formatTime } from '@treeline/machinery'
import { objectKey } from '../ownership/object-key.js'
import { podCondition } from './pod-state.js'

/** Says on a pod that it is about to be ended by the cluster and why; sets the phase as well if one is given. */
export async function markDisrupted(
  { client, clock, signal }: Pick<ReconcileContext, 'client' | 'clock' | 'signal'>,
  pod: Pod,
  why: { readonly reason: string; readonly message: string } | undefined,
  phase?: 'Failed',
): Promise<void> {
  const { uid, generation } = pod.metadata
  const known = why && podCondition(pod, 'DisruptionTarget')
  const told = known?.status === 'True' && known.reason === why?.reason && known?.message === why?.message
  if ((!why || told) && !phase) return
  const lastTransitionTime = known?.status === 'True' ? known.lastTransitionTime : formatTime(new Date(clock.now()))
  const condition: PodCondition | undefined = why && {
    type: 'DisruptionTarget',
    status: 'True',
    ...(generation !== undefined && { observedGeneration: generation }),
    lastTransitionTime,
    ...why,
  }
  const status = { ...(phase && { phase, observedGeneration: generation }), ...(condition && { conditions: [condition] }) }
  await client.patch(Pod, objectKey(pod), { type: 'strategic', body: { metadata: { uid }, status } }, { subresource: 'status', signal })
}
