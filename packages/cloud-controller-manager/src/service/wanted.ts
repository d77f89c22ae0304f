import type { Node, Service } from '@treeline/api'

export const loadBalancerFinalizer = 'service.kubernetes.io/load-balancer-cleanup'
const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers'
const autoscalerTaint = 'ToBeDeletedByClusterAutoscaler'

/** A Service with a class belongs to somebody else, wholly. */
export function wantsLoadBalancer(service: Service): boolean {
  return service.spec?.type === 'LoadBalancer' && service.spec.loadBalancerClass === undefined
}

export function hasFinalizer(service: Service): boolean {
  return service.metadata.finalizers?.includes(loadBalancerFinalizer) ?? false
}

export function needsCleanup(service: Service): boolean {
  return hasFinalizer(service) && (service.metadata.deletionTimestamp !== undefined || service.spec?.type !== 'LoadBalancer')
}

/** Nodes that traffic may go to. Readiness is not looked at: the load balancer's own health check is (KEP-3458). */
export function eligibleNodes(nodes: readonly Node[]): Node[] {
  return nodes.filter(
    (node) =>
      node.metadata.deletionTimestamp === undefined &&
      !isExcluded(node.metadata.labels?.[excludeLabel]) &&
      !node.spec?.taints?.some((taint) => taint.key === autoscalerTaint),
  )
}

/** The value is read as a boolean; empty or unreadable excludes. */
function isExcluded(value: string | undefined): boolean {
  return value !== undefined && !['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)
}

/** Whether an event of a node can change any load balancer's backends. */
export function changesBackends(node: Node, old: Node | undefined): boolean {
  return (
    old === undefined ||
    node.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    node.spec?.providerID !== old.spec?.providerID ||
    eligibleNodes([node]).length !== eligibleNodes([old]).length
  )
}

/** Equal exactly when the backends are. */
export function nodeSetFingerprint(nodes: readonly Node[]): string {
  return nodes
    .map((node) => `${node.metadata.name} ${node.spec?.providerID ?? ''}`)
    .sort()
    .join('\n')
}

/** Equal exactly when a full ensure would ask the cloud for the same. Source: cloud-controller-manager contract §4.2. */
export function serviceFingerprint(service: Service): string {
  const { spec } = service
  return JSON.stringify([
    service.metadata.uid,
    service.metadata.annotations ?? {},
    spec?.loadBalancerSourceRanges,
    spec?.ports?.map((port) => [port.name, port.protocol, port.port, port.nodePort, port.targetPort, port.appProtocol]),
    spec?.sessionAffinity,
    spec?.sessionAffinityConfig,
    spec?.loadBalancerIP,
    spec?.externalIPs,
    spec?.externalTrafficPolicy,
    spec?.healthCheckNodePort,
    spec?.ipFamilies?.length,
  ])
}
