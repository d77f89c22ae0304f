import { type Pod, Service, type ServicePort } from '@treeline/api'
import type { Cache, InformerEvent } from '@treeline/client'
import { deepEqual } from '@treeline/machinery'
import { compiledSet } from '../ownership/selectors.js'
import { isPodFinished, isPodReady } from '../pods/pod-state.js'

/** Services whose endpoints an event of a pod may change. */
export function servicesOfPod(pod: Pod, old: Pod | undefined, cache: Cache, type: InformerEvent<Pod>['type']): string[] {
  const labelsChanged = old !== undefined && (!deepEqual(old.metadata.labels, pod.metadata.labels) || !sameHostname(old, pod))
  if (type === 'updated' && old && !labelsChanged && !matters(old, pod)) return []
  const keys: string[] = []
  for (const service of cache.list(Service, pod.metadata.namespace)) {
    const selector = service.spec?.selector
    if (!selector || Object.keys(selector).length === 0) continue
    const compiled = compiledSet(selector)
    const selects = compiled.matches(pod.metadata.labels ?? {}) || (labelsChanged && compiled.matches(old.metadata.labels ?? {}))
    if (selects) keys.push(`${service.metadata.namespace}/${service.metadata.name}`)
  }
  return keys
}

function matters(old: Pod, pod: Pod): boolean {
  return (
    old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
    isPodFinished(old) !== isPodFinished(pod) ||
    isPodReady(old) !== isPodReady(pod) ||
    old.spec?.nodeName !== pod.spec?.nodeName ||
    !deepEqual(old.status?.podIPs, pod.status?.podIPs)
  )
}

function sameHostname(a: Pod, b: Pod): boolean {
  return a.spec?.hostname === b.spec?.hostname && a.spec?.subdomain === b.spec?.subdomain
}

/** Whether a pod is an endpoint at all. */
export function isEndpoint(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodFinished(pod)) return false
  if (!pod.status?.podIP && !pod.status?.podIPs?.length) return false
  return includeTerminating || pod.metadata.deletionTimestamp === undefined
}

/** The number behind a port of a service in this pod; undefined if the pod has no port of that name. */
export function targetPort(pod: Pod, { targetPort: target, protocol = 'TCP', port }: ServicePort): number | undefined {
  if (typeof target === 'number') return target
  if (target === undefined) return port
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const match = container.ports?.find(({ name, protocol: own = 'TCP' }) => name === target && own === protocol)
    if (match) return match.containerPort
  }
  return undefined
}

/** A pod with a hostname in the subdomain of the service has a DNS name of its own. */
export function hostnameIn(service: Service, pod: Pod): string | undefined {
  const { hostname, subdomain } = pod.spec ?? {}
  return hostname && subdomain === service.metadata.name ? hostname : undefined
}

export function isHeadless({ spec }: Service): boolean {
  return !spec?.clusterIP || spec.clusterIP === 'None'
}

export function isIPv6(address: string): boolean {
  return address.includes(':')
}
