import type { NodeInfo } from '../cache/node-info.js'
import type { PodInfo } from '../pods/pod-info.js'
import type { Cycle } from './cycle.js'
import type { Refusal } from './status.js'

/**
 * A scheduler plug-in: the extension points it takes part in are the members it has. Everything up to `permit` is
 * synchronous and pure over the cycle's view; binding points are asynchronous. Source: scheduler contract §1.
 */
export interface SchedulerPlugin {
  readonly name: string
  /** Holds a pod back from the queue, uncounted. */
  preEnqueue?(pod: PodInfo): Refusal | undefined
  /** Precomputes; may narrow the nodes, say that there is nothing to filter (`skip`), or refuse the pod everywhere. */
  preFilter?(cycle: Cycle): PreFilterResult
  filter?(cycle: Cycle, node: NodeInfo): Refusal | undefined
  /** Keep precomputed state true while a pod is tried on, or off, a node; exact inverses. */
  addPod?(cycle: Cycle, pod: PodInfo, node: NodeInfo): void
  removePod?(cycle: Cycle, pod: PodInfo, node: NodeInfo): void
  /** `skip` drops this plug-in's score. */
  preScore?(cycle: Cycle, nodes: readonly NodeInfo[]): 'skip' | undefined
  /** Any integer; 0..100 after `normalise`. */
  score?(cycle: Cycle, node: NodeInfo): number
  normalise?(cycle: Cycle, scores: number[], nodes: readonly NodeInfo[]): void
  reserve?(cycle: Cycle, node: NodeInfo): Refusal | undefined
  unreserve?(cycle: Cycle, node: NodeInfo): void
  permit?(cycle: Cycle, node: NodeInfo): Promise<Refusal | undefined> | Refusal | undefined
  preBind?(cycle: Cycle, node: NodeInfo, signal: AbortSignal): Promise<void>
  /** False: this plug-in does not bind this pod. */
  bind?(cycle: Cycle, node: NodeInfo, signal: AbortSignal): Promise<boolean>
  postBind?(cycle: Cycle, node: NodeInfo): void
  /** Changes that may let a pod in that this plug-in refused; absent: any change. */
  readonly requeueOn?: readonly RequeueRule[]
}

export type PreFilterResult = undefined | 'skip' | Refusal | { readonly nodes: ReadonlySet<string> }

/** What happened in the cluster, as plug-ins can ask to hear of it. */
export type ClusterChange =
  | { readonly type: 'node-added' | 'node-allocatable' | 'node-labels' | 'node-taints' | 'node-conditions'; readonly node: NodeInfo }
  | { readonly type: 'pod-added' | 'pod-labels' | 'pod-deleted'; readonly pod: PodInfo }
  | { readonly type: 'other' }

export interface RequeueRule {
  readonly on: readonly ClusterChange['type'][]
  /** Whether this very change helps this very pod; absent: yes. */
  readonly helps?: (pod: PodInfo, change: ClusterChange) => boolean
}

export function isRefusal(result: PreFilterResult): result is Refusal {
  return typeof result === 'object' && 'code' in result
}
