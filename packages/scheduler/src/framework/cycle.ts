import type { NodeInfo } from '../cache/node-info.js'
import type { PodInfo } from '../pods/pod-info.js'

/** A typed place in a cycle's state, owned by the plug-in that made it. */
export interface StateKey<T> {
  readonly name: string
  /** Only to carry the type. */
  readonly of?: T
}

export function stateKey<T>(name: string): StateKey<T> {
  return { name }
}

/** The nodes and what runs on them, as one cycle sees them. Nothing changes it while the cycle runs. */
export interface ClusterView {
  /** All nodes, in round-robin order over zones. */
  readonly nodes: readonly NodeInfo[]
  node(name: string): NodeInfo | undefined
  /** Nodes with at least one pod that has (anti-)affinity terms, and with required anti-affinity ones. */
  readonly nodesWithAffinity: ReadonlySet<NodeInfo>
  readonly nodesWithRequiredAntiAffinity: ReadonlySet<NodeInfo>
  /** Labels of a namespace, for namespace selectors. */
  namespaceLabels(namespace: string): Readonly<Record<string, string>>
  /** Label selectors of the Services and workload owners that select this pod, for default spreading. */
  spreadingSelectors(pod: PodInfo): readonly { matches(labels: Readonly<Record<string, string>>): boolean }[]
}

/** One attempt to place one pod: the pod, the cluster, and what plug-ins computed on the way. */
export class Cycle {
  readonly #state = new Map<StateKey<unknown>, unknown>()
  /** Plug-ins whose PreFilter said there is nothing to filter. */
  readonly skipped = new Set<string>()

  constructor(
    readonly pod: PodInfo,
    readonly cluster: ClusterView,
  ) {}

  write<T>(key: StateKey<T>, value: T): void {
    this.#state.set(key, value)
  }

  read<T>(key: StateKey<T>): T | undefined {
    return this.#state.get(key) as T | undefined
  }
}
