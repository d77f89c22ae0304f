import type { DefaultsTable } from '../../../declaration/defaults.js'
import type { TypeOf } from '../../../declaration/type-of.js'

type ServiceSpec = TypeOf<'core.v1.ServiceSpec'>

export const serviceDefaults: DefaultsTable = {
  'core.v1.Service': (service) => {
    service.spec ??= {}
    const spec = service.spec
    spec.sessionAffinity ||= 'None'
    if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
    if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
      spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10800 } }
    }
    spec.type ||= 'ClusterIP'
    for (const port of spec.ports ?? []) {
      port.protocol ||= 'TCP'
      port.targetPort ||= port.port
    }
    if (externallyReachable(spec)) spec.externalTrafficPolicy ||= 'Cluster'
    if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster'
    if (spec.type === 'LoadBalancer') {
      spec.allocateLoadBalancerNodePorts ??= true
      for (const ingress of service.status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP'
    }
  },
  'core.v1.EndpointPort': { protocol: 'TCP' },
}

/** Traffic can come from outside the cluster: through node ports, a load balancer or external addresses. */
export function externallyReachable(spec: ServiceSpec): boolean {
  return spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0)
}
