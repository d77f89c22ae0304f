import { deepEqual } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { externallyReachable } from './defaults/service.js'

type Service = TypeOf<'core.v1.Service'>
type ServiceSpec = TypeOf<'core.v1.ServiceSpec'>

/**
 * A service that changes its type gives up what only the former type has, unless the client set it anew: so that a
 * patch of `spec.type` alone is a valid change.
 */
export function dropFieldsOfFormerType(service: Service, { spec: old }: Service): void {
  const { spec } = service
  if (!spec || !old) return
  for (const { has, fields } of dependents) {
    if (has(old) && !has(spec) && fields.every((field) => deepEqual(spec[field], old[field])))
      for (const field of fields) delete spec[field]
  }
  if (hasNodePorts(old) && !hasNodePorts(spec) && isSubset(nodePorts(spec), nodePorts(old)))
    for (const port of spec.ports ?? []) delete port.nodePort
  if (spec.type !== 'LoadBalancer') service.status = { ...service.status, loadBalancer: {} }
}

const hasAddress = ({ type }: ServiceSpec): boolean => type !== 'ExternalName'
const isBalanced = ({ type }: ServiceSpec): boolean => type === 'LoadBalancer'
const hasNodePorts = ({ type }: ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer'
const hasHealthPort = (spec: ServiceSpec): boolean => isBalanced(spec) && spec.externalTrafficPolicy === 'Local'

/** Fields that mean something only to services of some types. */
const dependents: readonly { has: (spec: ServiceSpec) => boolean; fields: readonly (keyof ServiceSpec)[] }[] = [
  { has: hasAddress, fields: ['clusterIP', 'clusterIPs'] },
  { has: hasAddress, fields: ['ipFamilies'] },
  { has: hasAddress, fields: ['ipFamilyPolicy'] },
  { has: hasAddress, fields: ['internalTrafficPolicy'] },
  { has: hasHealthPort, fields: ['healthCheckNodePort'] },
  { has: isBalanced, fields: ['allocateLoadBalancerNodePorts'] },
  { has: isBalanced, fields: ['loadBalancerClass'] },
  { has: externallyReachable, fields: ['externalTrafficPolicy'] },
]

const nodePorts = ({ ports }: ServiceSpec): Set<number> => new Set((ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : [])))

const isSubset = (some: Set<number>, all: Set<number>): boolean => [...some].every((port) => all.has(port))
