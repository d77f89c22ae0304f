import { type KubernetesObject, Quantity } from '@treeline/machinery'
import type { PersistentVolumeClaim, Pod, ResourceQuota, ScopedResourceSelectorRequirement, Service } from '../core/v1/index.js'
import { type Amounts, amountsOf } from './amounts.js'
import { isBestEffort, podLimits, podRequests } from './pod-resources.js'

/** How objects of one resource count against quotas. */
export interface QuotaEvaluator<T extends KubernetesObject = KubernetesObject> {
  /** What one object uses. `now` in milliseconds. */
  usage(object: T, now: number): Amounts
  /** Whether a quota's resource name is about this resource. */
  counts(name: string): boolean
  /** Whether the object is in a scope of a quota. */
  inScope(object: T, scope: ScopedResourceSelectorRequirement): boolean
}

/** The evaluator of a resource: of pods, services and claims a special one, of all others a count of objects. */
export function quotaEvaluator(group: string, resource: string): QuotaEvaluator {
  const special = group === '' ? evaluators.get(resource) : undefined
  return special ?? objectCounter(group, resource)
}

/** Scopes of a quota in one form. */
export function quotaScopes(quota: ResourceQuota): ScopedResourceSelectorRequirement[] {
  return [
    ...(quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' as const })),
    ...(quota.spec?.scopeSelector?.matchExpressions ?? []),
  ]
}

/** Whether the object is in all scopes of the quota, and the quota is about its resource at all. */
export function quotaMatches(evaluator: QuotaEvaluator, quota: ResourceQuota, object: KubernetesObject): boolean {
  return (
    Object.keys(quota.status?.hard ?? {}).some((name) => evaluator.counts(name)) &&
    quotaScopes(quota).every((scope) => evaluator.inScope(object, scope))
  )
}

/** A pod with a deadline, as the scope Terminating means it. */
export function hasDeadline(pod: Pod): boolean {
  return (pod.spec?.activeDeadlineSeconds ?? -1) >= 0
}

const one = Quantity.of(1)

/** Names beside `count/…` under which upstream counted before. */
const countAliases = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'])

function objectCounter(group: string, resource: string): QuotaEvaluator {
  const names = [`count/${resource}${group === '' ? '' : `.${group}`}`]
  if (group === '' && countAliases.has(resource)) names.push(resource)
  const usage: Amounts = new Map(names.map((name) => [name, one]))
  return { usage: () => usage, counts: (name) => names.includes(name), inScope: () => false }
}

const computeNames = ['cpu', 'memory', 'ephemeral-storage']
const podNames = new Set(['count/pods', 'pods', ...computeNames.flatMap((name) => [name, `requests.${name}`, `limits.${name}`])])

const isExtended = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/')

const pods: QuotaEvaluator<Pod> = {
  usage(pod, now) {
    const counted = new Map([['count/pods', one]])
    return isCharged(pod, now) ? new Map([...counted, ...computeUsage(podRequests(pod, { status: true }), podLimits(pod))]) : counted
  },
  counts: (name) =>
    podNames.has(name) ||
    name.startsWith('hugepages-') ||
    name.startsWith('requests.hugepages-') ||
    (name.startsWith('requests.') && isExtended(name)),
  inScope: podInScope,
}

/** What requests and limits use of a quota's names. */
export function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage = new Map([['pods', one]])
  for (const [name, amount] of requests) {
    if (computeNames.includes(name) || name.startsWith('hugepages-')) usage.set(name, amount).set(`requests.${name}`, amount)
    else if (isExtended(name)) usage.set(`requests.${name}`, amount)
  }
  for (const name of computeNames) {
    const amount = limits.get(name)
    if (amount) usage.set(`limits.${name}`, amount)
  }
  return usage
}

/** Neither finished pods nor those past their grace use anything. */
const isCharged = ({ metadata, status }: Pod, now: number): boolean => {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false
  if (metadata.deletionTimestamp === undefined || metadata.deletionGracePeriodSeconds === undefined) return true
  return now <= Date.parse(metadata.deletionTimestamp) + metadata.deletionGracePeriodSeconds * 1000
}

function podInScope(pod: Pod, scope: ScopedResourceSelectorRequirement): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return hasDeadline(pod)
    case 'NotTerminating':
      return !hasDeadline(pod)
    case 'BestEffort':
      return isBestEffort(pod)
    case 'NotBestEffort':
      return !isBestEffort(pod)
    case 'PriorityClass':
      return selects(scope, pod.spec?.priorityClassName ? [pod.spec.priorityClassName] : [])
    case 'CrossNamespacePodAffinity':
      return reachesOtherNamespaces(pod)
    default:
      return false
  }
}

const reachesOtherNamespaces = (pod: Pod): boolean =>
  [pod.spec?.affinity?.podAffinity, pod.spec?.affinity?.podAntiAffinity]
    .flatMap((affinity) => [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ])
    .some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined)

const serviceNames = new Set(['count/services', 'services', 'services.nodeports', 'services.loadbalancers'])

const services: QuotaEvaluator<Service> = {
  usage({ spec }) {
    const balanced = spec?.type === 'LoadBalancer'
    return new Map([
      ['count/services', one],
      ['services', one],
      ['services.loadbalancers', Quantity.of(balanced ? 1 : 0)],
      ['services.nodeports', Quantity.of(nodePortsOf(spec))],
    ])
  },
  counts: (name) => serviceNames.has(name),
  inScope: () => false,
}

// Ports are counted before they are allotted, so what is wanted counts.
const nodePortsOf = (spec: Service['spec']): number => {
  const ports = spec?.ports ?? []
  if (spec?.type === 'NodePort') return ports.length
  if (spec?.type !== 'LoadBalancer') return 0
  return spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort).length : ports.length
}

const claimNames = ['persistentvolumeclaims', 'requests.storage']
const classSuffix = '.storageclass.storage.k8s.io/'

const claims: QuotaEvaluator<PersistentVolumeClaim> = {
  usage(claim) {
    const usage = new Map([
      ['persistentvolumeclaims', one],
      ['count/persistentvolumeclaims', one],
    ])
    const storage = claimedStorage(claim)
    if (storage) usage.set('requests.storage', storage)
    const storageClass = claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? claim.spec?.storageClassName ?? ''
    if (storageClass === '') return usage
    usage.set(`${storageClass}${classSuffix}persistentvolumeclaims`, one)
    return storage ? usage.set(`${storageClass}${classSuffix}requests.storage`, storage) : usage
  },
  counts: (name) =>
    name === 'count/persistentvolumeclaims' ||
    claimNames.includes(name) ||
    claimNames.some((suffix) => name.endsWith(`${classSuffix}${suffix}`)),
  inScope(claim, scope) {
    if (scope.scopeName !== 'VolumeAttributesClass') return false
    const { spec, status } = claim
    const named = [
      spec?.volumeAttributesClassName,
      status?.currentVolumeAttributesClassName,
      status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
    ]
    return selects(
      scope,
      named.flatMap((name) => name || []),
    )
  },
}

/** In whole bytes; while a failed expansion is taken back, what was allotted. */
const claimedStorage = ({ spec, status }: PersistentVolumeClaim): Quantity | undefined => {
  const asked = amountsOf(spec?.resources?.requests).get('storage')
  const allotted = amountsOf(status?.allocatedResources).get('storage')
  const greater = asked && allotted && allotted.cmp(asked) > 0 ? allotted : asked
  if (!greater) return undefined
  const whole = Quantity.of(greater.scaledValue(0), greater.format)
  return whole.equals(greater) ? greater : whole
}

/** A scope's selector over the names an object has; an object without a name is seen as one without the label. */
const selects = ({ operator, values = [] }: ScopedResourceSelectorRequirement, names: readonly string[]): boolean => {
  if (operator === 'Exists') return names.length > 0
  if (operator === 'DoesNotExist') return names.length === 0
  if (operator === 'In') return names.some((name) => values.includes(name))
  return names.length === 0 || names.some((name) => !values.includes(name))
}

const evaluators: ReadonlyMap<string, QuotaEvaluator> = new Map<string, QuotaEvaluator<never>>([
  ['pods', pods],
  ['services', services],
  ['persistentvolumeclaims', claims],
]) as ReadonlyMap<string, QuotaEvaluator>
