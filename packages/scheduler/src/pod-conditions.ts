import { Pod, type PodCondition } from '@treeline/api'
import type { Client } from '@treeline/client'
import { formatTime, isNotFound } from '@treeline/machinery'
import type { PodInfo } from './pods/pod-info.js'

/** Writes why a pod has no node, and the node it was promised, when either differs from what the pod says. */
export async function writeUnschedulable(
  client: Client,
  { pod }: PodInfo,
  reason: 'Unschedulable' | 'SchedulerError',
  message: string,
  nominated: string | undefined,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const current = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled')
  const same = current?.status === 'False' && current.reason === reason && current.message === message
  const renominate = nominated !== undefined && nominated !== (pod.status?.nominatedNodeName ?? '')
  if (same && !renominate) return
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    ...(pod.metadata.generation ? { observedGeneration: pod.metadata.generation } : {}),
    lastTransitionTime: current?.status === 'False' && current.lastTransitionTime ? current.lastTransitionTime : formatTime(new Date(now)),
  }
  await patchStatus(client, pod, { conditions: [condition], ...(renominate ? { nominatedNodeName: nominated } : {}) }, signal)
}

/** Marks a victim before it is deleted. */
export async function markPreempted(
  client: Client,
  victim: PodInfo,
  schedulerName: string,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const condition: PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'PreemptionByScheduler',
    message: `${schedulerName}: preempting to accommodate a higher priority pod`,
    lastTransitionTime: formatTime(new Date(now)),
  }
  await patchStatus(client, victim.pod, { conditions: [condition] }, signal)
}

export async function clearNomination(client: Client, { pod }: PodInfo, signal: AbortSignal): Promise<void> {
  if (pod.status?.nominatedNodeName) await patchStatus(client, pod, { nominatedNodeName: null }, signal)
}

async function patchStatus(client: Client, { metadata }: Pod, status: object, signal: AbortSignal): Promise<void> {
  const { name = '', namespace = '', uid = '' } = metadata
  try {
    await client.patch(
      Pod,
      { namespace, name },
      { type: 'strategic', body: { metadata: { uid }, status } },
      { subresource: 'status', signal },
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
