import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type PodRules, podRulesFor, strictPodRules } from '../core/pod-rules.js'
import { checkLastingPods, checkPodTemplate, checkReplicaCounts } from '../core/pod-template.js'
import { type Findings, findingsOf } from '../findings.js'
import { checkImmutable } from '../immutable.js'
import { checkAtMostAll, checkIntOrPercent, isZeroAmount } from '../int-or-percent.js'
import { checkNonNegative } from '../numbers.js'
import { printedMap } from '../printed-map.js'
import { checkWorkloadSelector } from '../selectors.js'
import { checkCollisionCount } from './collision-count.js'

type Deployment = TypeOf<'apps.v1.Deployment'>
type ReplicaSet = TypeOf<'apps.v1.ReplicaSet'>
type Template = TypeOf<'core.v1.PodTemplateSpec'>
type Selector = TypeOf<'meta.v1.LabelSelector'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')

export const deploymentValidation: Validation<Deployment> = {
  validate: (deployment) => findingsOf((found) => checkDeployment(found, deployment, strictPodRules)),
  validateUpdate: (deployment, old) =>
    findingsOf((found) => {
      checkDeployment(found, deployment, podRulesFor(old.spec?.template?.spec))
      checkImmutable(found, deployment.spec?.selector, old.spec?.selector, path.child('selector'))
    }),
  validateStatusUpdate: (deployment, old) =>
    findingsOf((found) => {
      checkDeploymentStatus(found, deployment.status ?? {})
      checkCollisionCount(found, deployment.status, old.status)
    }),
}

function checkDeployment(found: Findings, { spec }: Deployment, rules: PodRules): void {
  checkNonNegative(found, spec?.replicas, path.child('replicas'))
  checkTemplate(found, spec?.selector, spec?.template, rules)
  checkStrategy(found, spec?.strategy ?? {}, path.child('strategy'))
  checkNonNegative(found, spec?.minReadySeconds, path.child('minReadySeconds'))
  checkNonNegative(found, spec?.revisionHistoryLimit, path.child('revisionHistoryLimit'))
  const deadline = spec?.progressDeadlineSeconds
  const at = path.child('progressDeadlineSeconds')
  checkNonNegative(found, deadline, at)
  if (deadline !== undefined && deadline <= (spec?.minReadySeconds ?? 0))
    found.invalid(at, deadline, 'must be greater than minReadySeconds')
}

const texts = { empty: 'empty selector is invalid for deployment', malformed: 'invalid label selector' }

function checkTemplate(found: Findings, selector: Selector | undefined, template: Template | undefined, rules: PodRules): void {
  const compiled = checkWorkloadSelector(found, selector, path.child('selector'), texts)
  if (!compiled) return
  const at = path.child('template')
  const labels = template?.metadata?.labels
  if (!compiled.empty && !compiled.matches(labels ?? {})) {
    found.invalid(at.child('metadata', 'labels'), printedMap(labels), '`selector` does not match template `labels`')
  }
  checkPodTemplate(found, template ?? {}, at, rules)
  checkLastingPods(found, template ?? {}, 'ReplicaSet', at)
}

const strategies = ['Recreate', 'RollingUpdate']

function checkStrategy(found: Findings, strategy: TypeOf<'apps.v1.DeploymentStrategy'>, at: FieldPath): void {
  const { type, rollingUpdate } = strategy
  const here = at.child('rollingUpdate')
  if (!strategies.includes(type ?? '')) found.notSupported(at, printedStrategy(strategy), strategies)
  else if (type === 'Recreate') {
    if (rollingUpdate) found.forbidden(here, "may not be specified when strategy `type` is 'Recreate'")
  } else if (!rollingUpdate) found.required(here, 'this should be defaulted and never be nil')
  else {
    const { maxUnavailable, maxSurge } = rollingUpdate
    checkIntOrPercent(found, maxUnavailable, here.child('maxUnavailable'))
    checkIntOrPercent(found, maxSurge, here.child('maxSurge'))
    if (isZeroAmount(maxUnavailable) && isZeroAmount(maxSurge)) {
      found.invalid(here.child('maxUnavailable'), maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0')
    }
    checkAtMostAll(found, maxUnavailable, here.child('maxUnavailable'))
  }
}

/** As upstream prints its internal type. */
function printedStrategy({
  type = '',
  rollingUpdate,
}: {
  type?: string
  rollingUpdate?: { maxUnavailable?: unknown; maxSurge?: unknown }
}): object {
  const printed = rollingUpdate && { MaxUnavailable: rollingUpdate.maxUnavailable ?? 0, MaxSurge: rollingUpdate.maxSurge ?? 0 }
  return { Type: type, RollingUpdate: printed ?? null }
}

const counts = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
  'collisionCount',
] as const

function checkDeploymentStatus(found: Findings, counted: TypeOf<'apps.v1.DeploymentStatus'>): void {
  for (const name of counts) checkNonNegative(found, counted[name], status.child(name))
  for (const name of ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    const count = counted[name] ?? 0
    if (count > (counted.replicas ?? 0)) found.invalid(status.child(name), count, 'cannot be greater than status.replicas')
  }
  const available = counted.availableReplicas ?? 0
  if (available > (counted.readyReplicas ?? 0))
    found.invalid(status.child('availableReplicas'), available, 'cannot be greater than readyReplicas')
}

export const replicaSetValidation: Validation<ReplicaSet> = {
  validate: (set) => findingsOf((found) => checkReplicaSet(found, set, strictPodRules)),
  validateUpdate: (set, old) =>
    findingsOf((found) => {
      checkReplicaSet(found, set, podRulesFor(old.spec?.template?.spec))
      checkImmutable(found, set.spec?.selector, old.spec?.selector, path.child('selector'))
    }),
  validateStatusUpdate: (set) => findingsOf((found) => checkReplicaCounts(found, set.status ?? { replicas: 0 }, status)),
}

function checkReplicaSet(found: Findings, { spec }: ReplicaSet, rules: PodRules): void {
  checkNonNegative(found, spec?.replicas, path.child('replicas'))
  checkNonNegative(found, spec?.minReadySeconds, path.child('minReadySeconds'))
  checkTemplate(found, spec?.selector, spec?.template, rules)
}
