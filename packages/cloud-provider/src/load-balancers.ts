import type { LoadBalancerStatus, Node, Service } from '@treeline/api'

/** Load balancers of Services. All methods are idempotent, and all objects given are frozen. */
export interface LoadBalancers {
  /** Undefined only on proof that no part of it remains; anything left counts as there. */
  get(service: Service, signal: AbortSignal): Promise<LoadBalancerStatus | undefined>
  /** Creates, or brings to what the Service says; never recreates what can be changed. */
  ensure(service: Service, nodes: readonly Node[], signal: AbortSignal): Promise<LoadBalancerStatus>
  /** Only the backends. */
  updateNodes(service: Service, nodes: readonly Node[], signal: AbortSignal): Promise<void>
  /** Deletes every part; succeeds when there is none. */
  delete(service: Service, signal: AbortSignal): Promise<void>
}

/** The name most clouds give: `a` and the Service's uid without dashes, 32 characters at most. */
export function defaultLoadBalancerName(service: Service): string {
  return `a${(service.metadata.uid ?? '').replaceAll('-', '')}`.slice(0, 32)
}
