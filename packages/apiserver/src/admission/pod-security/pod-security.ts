import { type CronJob, Namespace, Pod, type PodSpec, type PodTemplate, type PodTemplateSpec } from '@treeline/api'
import { deepEqual, errors, type KubernetesObject } from '@treeline/machinery'
import type { ApiInternals } from '../../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission.js'
import { isAbout, refused } from '../refusal.js'
import { detailsText, findings } from './evaluate.js'
import { warningsAbout } from './existing-pods.js'
import type { PodSubject } from './finding.js'
import { type LevelVersion, levelVersionText, type Policy, policyOf, sameLevelVersion, strictness } from './policy.js'

/** Holds pods against what the labels of their namespace ask: refuses those that `enforce` is against, warns of others. */
export function podSecurity(internals: ApiInternals): AdmissionPlugin {
  const policyOfNamespace = (name = ''): Policy => policyOf(internals.get(Namespace, undefined, name)?.metadata.labels).policy
  return {
    name: 'PodSecurity',
    validate(attributes) {
      if (attributes.operation !== 'CREATE' && attributes.operation !== 'UPDATE') return
      if (isAbout(attributes, 'namespaces')) return validateNamespace(attributes, internals)
      const { kind, namespace, subresource = '' } = attributes
      const resource = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
      if (resource === 'pods') {
        if (!podSubresources.has(subresource)) return
        const { enforce, warn } = policyOfNamespace(namespace)
        if (enforce.level === 'privileged' && warn.level === 'privileged') return
        validatePod(attributes, enforce, warn)
        return
      }
      const template = templates[resource]
      if (!template || subresource !== '') return
      const { warn } = policyOfNamespace(namespace)
      if (warn.level === 'privileged') return
      const { metadata, spec } = template(attributes.object as KubernetesObject) ?? {}
      if (spec) warnOf(attributes, warn, { annotations: metadata?.annotations ?? {}, spec })
    },
  }
}

/** The ways in which a pod's containers come to be what they are. */
const podSubresources = new Set(['', 'ephemeralcontainers', 'resize'])

type Templated = KubernetesObject & { readonly spec?: { readonly template?: PodTemplateSpec } }
const ofSpec = (object: KubernetesObject): PodTemplateSpec | undefined => (object as Templated).spec?.template

/** The pods that other objects bring about. Nobody is refused for these: the pods will be. */
const templates: Readonly<Record<string, (object: KubernetesObject) => PodTemplateSpec | undefined>> = {
  replicationcontrollers: ofSpec,
  podtemplates: (object) => (object as PodTemplate).template,
  'replicasets.apps': ofSpec,
  'deployments.apps': ofSpec,
  'statefulsets.apps': ofSpec,
  'daemonsets.apps': ofSpec,
  'jobs.batch': ofSpec,
  'cronjobs.batch': (object) => (object as CronJob).spec?.jobTemplate.spec?.template,
}

function validateNamespace(attributes: AdmissionAttributes, internals: ApiInternals): void {
  const { metadata } = attributes.object as Namespace
  const { policy, problems } = policyOf(metadata.labels)
  const before = attributes.operation === 'UPDATE' ? policyOf(attributes.oldObject?.metadata?.labels) : undefined
  if (problems.length > 0 && !deepEqual(problems, before?.problems)) {
    throw errors.invalid({ group: '', kind: 'Namespace' }, metadata.name ?? '', problems)
  }
  if (!before || !isStricter(policy.enforce, before.policy.enforce)) return
  const name = metadata.name ?? ''
  for (const warning of warningsAbout(internals.list(Pod, name), name, policy.enforce)) attributes.warn(warning)
}

/** Whether pods that were welcome may not be any more. */
const isStricter = (now: LevelVersion, before: LevelVersion): boolean =>
  !sameLevelVersion(now, before) &&
  now.level !== 'privileged' &&
  (now.version !== before.version || strictness(now.level) > strictness(before.level))

function validatePod(attributes: AdmissionAttributes, enforce: LevelVersion, warn: LevelVersion): void {
  const { metadata, spec } = attributes.object as Pod
  const old = (attributes.oldObject as Pod | undefined)?.spec
  if (!spec || (attributes.operation === 'UPDATE' && old && !hasNewImages(spec, old))) return
  const pod = { annotations: metadata.annotations ?? {}, spec }
  const found = findings(enforce, pod)
  if (found.length > 0) throw refused(attributes, `violates PodSecurity "${levelVersionText(enforce)}": ${detailsText(found)}`)
  if (!sameLevelVersion(enforce, warn)) warnOf(attributes, warn, pod)
}

function warnOf(attributes: AdmissionAttributes, warn: LevelVersion, pod: PodSubject): void {
  const found = findings(warn, pod)
  if (found.length > 0) attributes.warn(`would violate PodSecurity "${levelVersionText(warn)}": ${detailsText(found)}`)
}

/** Of all that can change in a pod only this makes it another to a policy. */
function hasNewImages(spec: PodSpec, old: PodSpec): boolean {
  const { ephemeralContainers = [], initContainers = [], containers } = spec
  if (containers.length !== old.containers.length || initContainers.length !== (old.initContainers ?? []).length) return true
  return (
    containers.some(({ image }, index) => image !== old.containers[index]?.image) ||
    initContainers.some(({ image }, index) => image !== old.initContainers?.[index]?.image) ||
    ephemeralContainers.some(({ name, image }) => image !== old.ephemeralContainers?.find((one) => one.name === name)?.image)
  )
}
