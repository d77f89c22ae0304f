import { FieldPath, validateAnnotations, validateLabels } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkClaimSpec } from '../core/persistent-volume-claim-spec.js'
import { checkPodAnnotations } from '../core/pod-annotations.js'
import { type PodRules, podRulesFor, strictPodRules } from '../core/pod-rules.js'
import { checkLastingPods, checkPodTemplate } from '../core/pod-template.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'
import { checkAtMostAll, checkIntOrPercent, isZeroAmount } from '../int-or-percent.js'
import { checkLabel } from '../names.js'
import { checkNonNegative } from '../numbers.js'
import { printedMap } from '../printed-map.js'
import { checkWorkloadSelector } from '../selectors.js'
import { checkCollisionCount } from './collision-count.js'

type StatefulSet = TypeOf<'apps.v1.StatefulSet'>
type StatefulSetSpec = TypeOf<'apps.v1.StatefulSetSpec'>
type Template = TypeOf<'core.v1.PodTemplateSpec'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')

/** What cannot change need not be checked again: an old object may have it wrong. */
interface SpecRules {
  readonly pods: PodRules
  readonly fixedParts: boolean
  readonly template: boolean
}

export const statefulSetValidation: Validation<StatefulSet> = {
  validate: (set) => findingsOf((found) => checkSpec(found, set.spec, { pods: strictPodRules, fixedParts: true, template: true })),
  validateUpdate: (set, old) =>
    findingsOf((found) => {
      const pods = podRulesFor(old.spec?.template?.spec)
      const before = findingsOf((scratch) => checkSpec(scratch, old.spec, { pods, fixedParts: false, template: true }))
      checkSpec(found, set.spec, { pods, fixedParts: false, template: before.length === 0 })
      checkChange(found, set.spec, old.spec)
    }),
  validateStatusUpdate: (set, old) =>
    findingsOf((found) => {
      checkStatus(found, set.status)
      checkCollisionCount(found, set.status, old.status)
    }),
}

const texts = { empty: 'empty selector is invalid for statefulset', malformed: '' }

function checkSpec(found: Findings, spec: Partial<StatefulSetSpec> = {}, rules: SpecRules): void {
  const policy = spec.podManagementPolicy
  if (!policy) found.required(path.child('podManagementPolicy'))
  else if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    found.invalid(path.child('podManagementPolicy'), policy, "must be 'OrderedReady' or 'Parallel'")
  }
  checkStrategy(found, spec.updateStrategy ?? {}, path.child('updateStrategy'))
  checkRetention(found, spec.persistentVolumeClaimRetentionPolicy, path.child('persistentVolumeClaimRetentionPolicy'))
  if (rules.fixedParts) {
    forEachItem(spec.volumeClaimTemplates, path.child('volumeClaimTemplates'), (claim, at) =>
      checkClaimSpec(found, claim.spec ?? {}, at.child('spec')),
    )
  }
  checkNonNegative(found, spec.replicas, path.child('replicas'))
  checkNonNegative(found, spec.minReadySeconds, path.child('minReadySeconds'))
  checkNonNegative(found, spec.ordinals?.start, path.child('ordinals.start'))
  if (rules.fixedParts && spec.serviceName) checkLabel(found, spec.serviceName, path.child('serviceName'))
  const selector = checkWorkloadSelector(found, spec.selector, path.child('selector'), texts)
  const template = spec.template ?? {}
  const at = path.child('template')
  if (selector) {
    const labels = template.metadata?.labels
    if (!selector.empty && !selector.matches(labels ?? {})) {
      found.invalid(at.child('metadata', 'labels'), printedMap(labels), '`selector` does not match template `labels`')
    }
    checkTemplate(found, asInstantiated(spec, template), at, rules)
  }
  checkLastingPods(found, template, 'StatefulSet', at)
}

/** Upstream says twice what is wrong with the metadata of a template. */
function checkTemplate(found: Findings, template: Template, at: FieldPath, rules: SpecRules): void {
  const { metadata, spec = { containers: [] } } = template
  if (rules.template) checkPodTemplate(found, template, at, rules.pods)
  found.add(...validateLabels(metadata?.labels, at.child('labels')))
  found.add(...validateAnnotations(metadata?.annotations, at.child('annotations')))
  checkPodAnnotations(found, metadata?.annotations, spec, at.child('annotations'))
}

/** The template with the volumes its pods get from claims, and without the names they get one by one. */
function asInstantiated({ volumeClaimTemplates = [] }: Partial<StatefulSetSpec>, template: Template): Template {
  if (!template.spec) return template
  const { subdomain: _, hostname: __, ...spec } = template.spec
  if (volumeClaimTemplates.length === 0) return { ...template, spec }
  const names = new Set(volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ''))
  const claims = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))
  return { ...template, spec: { ...spec, volumes: [...claims, ...(spec.volumes ?? []).filter(({ name }) => !names.has(name))] } }
}

function checkStrategy(found: Findings, { type, rollingUpdate }: TypeOf<'apps.v1.StatefulSetUpdateStrategy'>, at: FieldPath): void {
  const printed = rollingUpdate && { Partition: rollingUpdate.partition ?? 0, MaxUnavailable: rollingUpdate.maxUnavailable ?? null }
  const here = at.child('rollingUpdate')
  if (!type) found.required(at)
  else if (type === 'OnDelete') {
    if (rollingUpdate) found.invalid(here, printed, "only allowed for updateStrategy 'RollingUpdate'")
  } else if (type !== 'RollingUpdate') {
    found.invalid(at, { Type: type, RollingUpdate: printed ?? null }, "must be 'RollingUpdate' or 'OnDelete'")
  } else if (rollingUpdate) {
    const { partition, maxUnavailable } = rollingUpdate
    checkNonNegative(found, partition, here.child('partition'))
    if (maxUnavailable === undefined) return
    checkIntOrPercent(found, maxUnavailable, here.child('maxUnavailable'))
    if (isZeroAmount(maxUnavailable)) found.invalid(here.child('maxUnavailable'), maxUnavailable, 'cannot be 0')
    checkAtMostAll(found, maxUnavailable, here.child('maxUnavailable'))
  }
}

const retentions = ['Retain', 'Delete']

function checkRetention(found: Findings, policy: StatefulSetSpec['persistentVolumeClaimRetentionPolicy'], at: FieldPath): void {
  if (!policy) return
  for (const name of ['whenDeleted', 'whenScaled'] as const) {
    if (!retentions.includes(policy[name] ?? '')) found.notSupported(at.child(name), policy[name] ?? '', retentions)
  }
}

const changeable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
] as const

function checkChange(found: Findings, spec: Partial<StatefulSetSpec> = {}, old: Partial<StatefulSetSpec> = {}): void {
  const fixed = (of: Partial<StatefulSetSpec>): object =>
    Object.fromEntries(Object.entries(of).filter(([name]) => !(changeable as readonly string[]).includes(name)))
  if (sameValue(fixed(spec), fixed(old))) return
  found.forbidden(
    path,
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  )
}

const counts = [
  'replicas',
  'readyReplicas',
  'currentReplicas',
  'updatedReplicas',
  'availableReplicas',
  'observedGeneration',
  'collisionCount',
] as const

function checkStatus(found: Findings, counted: Partial<TypeOf<'apps.v1.StatefulSetStatus'>> = {}): void {
  for (const name of counts) checkNonNegative(found, counted[name], status.child(name))
  for (const name of ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const) {
    const count = counted[name] ?? 0
    if (count > (counted.replicas ?? 0)) found.invalid(status.child(name), count, 'cannot be greater than status.replicas')
  }
  const available = counted.availableReplicas ?? 0
  if (available > (counted.readyReplicas ?? 0)) {
    found.invalid(status.child('availableReplicas'), available, 'cannot be greater than status.readyReplicas')
  }
}
