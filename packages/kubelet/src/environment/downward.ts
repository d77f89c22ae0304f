import type { Container, ResourceFieldSelector } from '@treeline/api'
import { Quantity, quote, validateQualifiedName } from '@treeline/machinery'
import { type AssignedPod, containersOf } from '../assigned-pod.js'

/** What the downward API says beyond the pod itself. */
export interface DownwardFacts {
  readonly podIPs: readonly string[]
  readonly hostIPs: readonly string[]
  /** Limits of containers that have none. */
  readonly nodeAllocatable: Readonly<Record<string, string>>
}

/** A field of the pod as text. Throws when there is no such field to show. */
export function podField(pod: AssignedPod, path: string, facts: Pick<DownwardFacts, 'podIPs' | 'hostIPs'>): string {
  const plain = plainFields[path]
  if (plain !== undefined) return plain(pod, facts)
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/s.exec(path)
  if (subscript === null) throw new Error(`unsupported fieldPath: ${path}`)
  const [, map, key = ''] = subscript
  const problems = validateQualifiedName(map === 'metadata.annotations' ? key.toLowerCase() : key)
  if (problems.length > 0) throw new Error(`invalid key subscript in ${path}: ${problems.join(';')}`)
  const values = map === 'metadata.labels' ? pod.metadata.labels : pod.metadata.annotations
  return (values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined) ?? ''
}

const plainFields: Readonly<Record<string, (pod: AssignedPod, facts: Pick<DownwardFacts, 'podIPs' | 'hostIPs'>) => string>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace,
  'metadata.uid': ({ metadata }) => metadata.uid,
  'metadata.labels': ({ metadata }) => mapLines(metadata.labels),
  'metadata.annotations': ({ metadata }) => mapLines(metadata.annotations),
  'spec.nodeName': ({ spec }) => spec.nodeName,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
  'status.hostIP': (_pod, { hostIPs }) => hostIPs[0] ?? '',
  'status.hostIPs': (_pod, { hostIPs }) => hostIPs.join(','),
  'status.podIP': (_pod, { podIPs }) => podIPs[0] ?? '',
  'status.podIPs': (_pod, { podIPs }) => podIPs.join(','),
}

/** A resource of a container as a whole number of divisors, rounded up. Throws on resources that are not shown. */
export function containerResource(
  pod: AssignedPod,
  self: Container | undefined,
  selector: ResourceFieldSelector,
  facts: Pick<DownwardFacts, 'nodeAllocatable'>,
): string {
  const name = selector.containerName
  const container = name ? containersOf(pod).find(({ container }) => container.name === name)?.container : self
  if (container === undefined) throw new Error(`container ${name ?? ''} not found`)
  const [, which, resource = ''] = /^(limits|requests)\.(.+)$/.exec(selector.resource) ?? []
  if (!/^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(resource)) {
    throw new Error(`unsupported container resource : ${selector.resource}`)
  }
  const { limits, requests } = container.resources ?? {}
  const text = which === 'limits' ? (limits?.[resource] ?? facts.nodeAllocatable[resource]) : requests?.[resource]
  const amount = Quantity.parse(text ?? '0')
  const given = Quantity.parse(selector.divisor ?? '0')
  const divisor = given.isZero ? Quantity.of(1) : given
  const ratio = resource === 'cpu' ? amount.milliValue() / divisor.milliValue() : amount.value() / divisor.value()
  return String(Math.ceil(ratio))
}

function mapLines(map: Readonly<Record<string, string>> | undefined): string {
  return Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${quote(map?.[key] ?? '')}`)
    .join('\n')
}
