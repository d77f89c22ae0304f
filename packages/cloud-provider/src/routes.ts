/** Routes from pod CIDRs to instances. */
export interface Routes {
  /** Every route of the cluster, blackholes included. */
  list(signal: AbortSignal): Promise<readonly Route[]>
  /** `nameHint` is the node's uid, the same for both families. Throws CloudError `conflict` when another route is in the way. */
  create(route: NewRoute, nameHint: string, signal: AbortSignal): Promise<void>
  /** Takes a route as listed; succeeds when there is none. */
  delete(route: Route, signal: AbortSignal): Promise<void>
}

export interface NewRoute {
  /** Node name; empty when the target is no known node. */
  readonly targetNode: string
  readonly destinationCIDR: string
  /** Set when the cloud routes to addresses rather than to instances. */
  readonly targetNodeAddresses?: readonly string[]
}

export interface Route extends NewRoute {
  readonly name: string
  /** Points nowhere: always deleted when in a cluster CIDR. */
  readonly blackhole: boolean
}
