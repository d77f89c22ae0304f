import type { Lease, Node, NodeCondition } from '@treeline/api'
import { formatTime } from '@treeline/machinery'
import { findCondition, withoutCondition } from '../conditions.js'
import { readyCondition } from '../nodes/node-state.js'

/** What is remembered of a node: when it was last seen to live, by this process' own clock. */
export interface NodeHealth {
  readonly heartbeat: string | undefined
  readonly renewTime: string | undefined
  readonly hasReady: boolean
  /** Milliseconds. */
  readonly seen: number
}

/** Takes note of what a node has told since last time: a heartbeat in its status, or a renewal of its Lease. */
export function observeNode(node: Node, lease: Lease | undefined, known: NodeHealth | undefined, now: number): NodeHealth {
  const ready = readyCondition(node)
  const heartbeat = ready?.lastHeartbeatTime ?? undefined
  const renewTime = lease?.spec?.renewTime ?? undefined
  const hasReady = ready !== undefined
  const first = hasReady ? now : Date.parse(node.metadata.creationTimestamp ?? '')
  let seen = known?.seen ?? first
  if (known && (known.hasReady !== hasReady || (hasReady && known.heartbeat !== heartbeat))) seen = now
  const renewed = renewTime !== undefined && (known?.renewTime === undefined || Date.parse(known.renewTime) < Date.parse(renewTime))
  return { heartbeat, renewTime: renewed ? renewTime : known?.renewTime, hasReady, seen: renewed ? now : seen }
}

const lostTypes = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const

/** The conditions of a node that was not heard of for too long; undefined if they say so already. */
export function conditionsOfLost(node: Node, now: number): NodeCondition[] | undefined {
  const time = formatTime(new Date(now))
  let conditions = node.status?.conditions ?? []
  let changed = false
  for (const type of lostTypes) {
    const known = findCondition(conditions, type)
    if (known?.status === 'Unknown') continue
    changed = true
    const next: NodeCondition = known
      ? {
          ...known,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: time,
        }
      : {
          type,
          status: 'Unknown',
          reason: 'NodeStatusNeverUpdated',
          message: 'Kubelet never posted node status.',
          lastHeartbeatTime: node.metadata.creationTimestamp,
          lastTransitionTime: time,
        }
    conditions = known
      ? conditions.map((condition) => (condition === known ? next : condition))
      : [...withoutCondition(conditions, type), next]
  }
  return changed ? conditions : undefined
}
