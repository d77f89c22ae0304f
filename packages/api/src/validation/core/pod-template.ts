import { FieldPath, labelSelectorFromSet, validateAnnotations, validateLabels } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf } from '../findings.js'
import { checkNonNegative } from '../numbers.js'
import { printedMap } from '../printed-map.js'
import { checkPodAnnotations, checkProfilesMatch } from './pod-annotations.js'
import { type PodRules, podRulesFor, strictPodRules } from './pod-rules.js'
import { checkPodSpec } from './pod-spec.js'

type Template = TypeOf<'core.v1.PodTemplateSpec'>
type ReplicationController = TypeOf<'core.v1.ReplicationController'>

/** A description of pods to make. */
export function checkPodTemplate(found: Findings, template: Template, path: FieldPath, rules: PodRules = strictPodRules): void {
  const { metadata, spec = { containers: [] } } = template
  found.add(...validateLabels(metadata?.labels, path.child('labels')))
  found.add(...validateAnnotations(metadata?.annotations, path.child('annotations')))
  checkPodAnnotations(found, metadata?.annotations, spec, path.child('annotations'))
  checkPodSpec(found, spec, path.child('spec'), undefined, rules)
  checkProfilesMatch(found, metadata?.annotations, spec, path.child('spec'))
  if (spec.ephemeralContainers?.length) {
    found.forbidden(path.child('spec', 'ephemeralContainers'), 'ephemeral containers not allowed in pod template')
  }
}

/** Pods of workloads that run for ever are started again always, and have no deadline. */
export function checkLastingPods(found: Findings, { spec }: Template, kind: string, path: FieldPath): void {
  if (spec?.restartPolicy !== 'Always') found.notSupported(path.child('spec', 'restartPolicy'), spec?.restartPolicy ?? '', ['Always'])
  if (spec?.activeDeadlineSeconds !== undefined) {
    found.forbidden(path.child('spec', 'activeDeadlineSeconds'), `activeDeadlineSeconds in ${kind} is not Supported`)
  }
}

export const podTemplateValidation: Validation<TypeOf<'core.v1.PodTemplate'>> = {
  validate: ({ template }) => findingsOf((found) => checkPodTemplate(found, template ?? {}, FieldPath.root('template'))),
  validateUpdate: ({ template }, old) =>
    findingsOf((found) => checkPodTemplate(found, template ?? {}, FieldPath.root('template'), podRulesFor(old.template?.spec))),
}

const spec = FieldPath.root('spec')
const status = FieldPath.root('status')

export const replicationControllerValidation: Validation<ReplicationController> = {
  validate: (controller) => findingsOf((found) => checkController(found, controller, strictPodRules)),
  validateUpdate: (controller, old) => findingsOf((found) => checkController(found, controller, podRulesFor(old.spec?.template?.spec))),
  validateStatusUpdate: (controller) => findingsOf((found) => checkReplicaCounts(found, controller.status ?? { replicas: 0 }, status)),
}

function checkController(found: Findings, controller: ReplicationController, rules: PodRules): void {
  const { replicas, minReadySeconds, selector = {}, template } = controller.spec ?? {}
  checkNonNegative(found, minReadySeconds, spec.child('minReadySeconds'))
  if (Object.keys(selector).length === 0) found.required(spec.child('selector'))
  if (replicas === undefined) found.required(spec.child('replicas'))
  else checkNonNegative(found, replicas, spec.child('replicas'))
  const at = spec.child('template')
  if (!template) {
    found.required(at)
    return
  }
  const labels = template.metadata?.labels
  if (!labelSelectorFromSet(selector).matches(labels ?? {})) {
    found.invalid(at.child('metadata', 'labels'), printedMap(labels), '`selector` does not match template `labels`')
  }
  checkPodTemplate(found, template, at, rules)
  checkLastingPods(found, template, 'ReplicationController', at)
}

interface ReplicaCounts {
  readonly replicas?: number
  readonly fullyLabeledReplicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly observedGeneration?: number
  readonly terminatingReplicas?: number
}

const counts = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
  'terminatingReplicas',
] as const

/** Counts that cannot exceed each other. */
export function checkReplicaCounts(found: Findings, status: ReplicaCounts, path: FieldPath): void {
  for (const name of counts) checkNonNegative(found, status[name], path.child(name))
  for (const name of ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    const count = status[name] ?? 0
    if (count > (status.replicas ?? 0)) found.invalid(path.child(name), count, 'cannot be greater than status.replicas')
  }
  const available = status.availableReplicas ?? 0
  if (available > (status.readyReplicas ?? 0))
    found.invalid(path.child('availableReplicas'), available, 'cannot be greater than readyReplicas')
}
