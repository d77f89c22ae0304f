import { FieldPath, type KubernetesObject, type ObjectMeta, Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../../declaration/type-of.js'
import { ipWarnings, listWarnings } from './address-warnings.js'
import { deprecatedNodeLabels, nodeSelectorTermWarnings } from './node-label-warnings.js'
import { portWarnings } from './port-warnings.js'
import { volumeWarnings } from './volume-warnings.js'

type PodSpec = TypeOf<'core.v1.PodSpec'>
type Container = TypeOf<'core.v1.Container'>

/** What is allowed in a pod but hardly meant, as texts for Warning headers. */
export function podWarnings(pod: TypeOf<'core.v1.Pod'>): string[] {
  return warningsOf(undefined, pod.metadata, pod.spec)
}

/** The same for a template at `path`, such as `spec.template`. */
export function podTemplateWarnings(path: string, template: TypeOf<'core.v1.PodTemplateSpec'> | undefined): string[] {
  return template ? warningsOf(path, template.metadata, template.spec) : []
}

/** An update that leaves the spec as it was is not warned about again. */
export function specChanged(object: KubernetesObject, old: KubernetesObject): boolean {
  return object.metadata.generation !== old.metadata.generation
}

function warningsOf(at: string | undefined, metadata: ObjectMeta | undefined, spec: PodSpec | undefined): string[] {
  if (!spec) return []
  const field = (name: string): FieldPath => FieldPath.root(at === undefined ? name : `${at}.${name}`)
  const path = field('spec')
  return [
    ...placementWarnings(spec, path),
    ...annotationWarnings(metadata, field('metadata').child('annotations')),
    ...volumeWarnings(spec.volumes ?? [], path.child('volumes')),
    ...repeated(spec.hostAliases ?? [], ({ ip }) => ip).map(
      ([index, ip]) => `${path.child('hostAliases').index(index).child('ip')}: duplicate ip "${ip}"`,
    ),
    ...pullSecretWarnings(spec, path.child('imagePullSecrets')),
    ...fractions(spec.overhead, path.child('overhead')),
    ...containersOf(spec, path).flatMap(([container, containerPath]) => containerWarnings(container, containerPath)),
    ...portWarnings(containersOf(spec, path)),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${path.child('terminationGracePeriodSeconds')}: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(spec, path.child('affinity')),
    ...listWarnings(spec.dnsConfig?.nameservers, `${path}.dnsConfig.nameservers`, ipWarnings),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, index) => ipWarnings(ip, path.child('hostAliases').index(index).child('ip'))),
  ]
}

function containersOf(spec: PodSpec, path: FieldPath): [Container, FieldPath][] {
  const lists = [
    ['initContainers', spec.initContainers],
    ['containers', spec.containers],
    ['ephemeralContainers', spec.ephemeralContainers],
  ] as const
  return lists.flatMap(([name, list]) =>
    (list ?? []).map((container, index): [Container, FieldPath] => [container, path.child(name).index(index)]),
  )
}

function placementWarnings(spec: PodSpec, path: FieldPath): string[] {
  const warnings = Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
    const text = deprecatedNodeLabels[key]
    return text ? [`${path.child('nodeSelector').key(key)}: ${text}`] : []
  })
  const affinity = spec.affinity?.nodeAffinity
  const base = path.child('affinity').child('nodeAffinity')
  const required = base.child('requiredDuringSchedulingIgnoredDuringExecution').child('nodeSelectorTerms')
  for (const [index, term] of (affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).entries()) {
    warnings.push(...nodeSelectorTermWarnings(term, required.index(index), false))
  }
  const preferred = base.child('preferredDuringSchedulingIgnoredDuringExecution')
  for (const [index, { preference }] of (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    warnings.push(...nodeSelectorTermWarnings(preference, preferred.index(index).child('preference'), true))
  }
  for (const [index, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const constraint = path.child('topologySpreadConstraints').index(index)
    const text = deprecatedNodeLabels[topologyKey]
    if (text) warnings.push(`${constraint.child('topologyKey')}: ${topologyKey} is ${text}`)
    if (!labelSelector) warnings.push(`${constraint.child('labelSelector')}: ${matchesNothing}`)
  }
  return warnings
}

const matchesNothing = 'a null labelSelector results in matching no pod'

function affinityWarnings(spec: PodSpec, path: FieldPath): string[] {
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((name) => {
    const affinity = spec.affinity?.[name]
    const required = path.child(name).child('requiredDuringSchedulingIgnoredDuringExecution')
    const preferred = path.child(name).child('preferredDuringSchedulingIgnoredDuringExecution')
    return [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ labelSelector }, index) =>
        labelSelector ? [] : [`${required.index(index).child('labelSelector')}: ${matchesNothing}`],
      ),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm }, index) =>
        podAffinityTerm?.labelSelector
          ? []
          : [`${preferred.index(index).child('podAffinityTerm').child('labelSelector')}: ${matchesNothing}`],
      ),
    ]
  })
}

const formerAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
}

function annotationWarnings(metadata: ObjectMeta | undefined, path: FieldPath): string[] {
  const present = metadata?.annotations ?? {}
  return Object.entries(formerAnnotations).flatMap(([key, text]) => (key in present ? [`${path.key(key)}: ${text}`] : []))
}

function pullSecretWarnings({ imagePullSecrets = [] }: PodSpec, path: FieldPath): string[] {
  const duplicates = repeated(imagePullSecrets, ({ name }) => name ?? '').map(
    ([index, name]) => `${path.index(index).child('name')}: duplicate name "${name}"`,
  )
  const empty = imagePullSecrets.flatMap(({ name }, index) => (name ? [] : [`${path.index(index).child('name')}: invalid empty name ""`]))
  return [...duplicates, ...empty]
}

function containerWarnings({ resources, env = [] }: Container, path: FieldPath): string[] {
  const seen = new Set<string>()
  const hidden = env.flatMap(({ name, value = '', valueFrom }, index) => {
    const reference = `$(${name})`
    const hides = seen.has(name) && (valueFrom !== undefined || value === reference || !value.includes(reference))
    seen.add(name)
    return hides ? [`${path.child('env').index(index)}: hides previous definition of "${name}", which may be dropped when using apply`] : []
  })
  return [
    ...fractions(resources?.limits, path.child('resources').child('limits'), ['memory']),
    ...fractions(resources?.requests, path.child('resources').child('requests'), ['memory']),
    ...fractions(resources?.limits, path.child('resources').child('limits'), ['ephemeral-storage']),
    ...fractions(resources?.requests, path.child('resources').child('requests'), ['ephemeral-storage']),
    ...hidden,
  ]
}

/** There is no part of a byte. */
function fractions(amounts: { [name: string]: string } | undefined, path: FieldPath, names = ['memory', 'ephemeral-storage']): string[] {
  return names.flatMap((name) => {
    const amount = amounts?.[name]
    if (amount === undefined) return []
    const quantity = Quantity.parse(amount)
    return quantity.scaledValue(-3) % 1000n === 0n
      ? []
      : [`${path.key(name)}: fractional byte value "${quantity}" is invalid, must be an integer`]
  })
}

/** Entries whose key an earlier entry has. */
function repeated<T>(entries: readonly T[], key: (entry: T) => string): [number, string][] {
  const seen = new Set<string>()
  const found: [number, string][] = []
  for (const [index, entry] of entries.entries()) {
    const value = key(entry)
    if (seen.has(value)) found.push([index, value])
    seen.add(value)
  }
  return found
}
