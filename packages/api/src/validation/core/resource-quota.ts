import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf } from '../findings.js'
import { immutableMessage } from '../immutable.js'
import { type Amounts, checkResourceAmount } from '../quantities.js'
import { checkQuotaResourceName, isStandardQuotaResource } from '../resource-names.js'

type ResourceQuota = TypeOf<'core.v1.ResourceQuota'>
type QuotaSpec = TypeOf<'core.v1.ResourceQuotaSpec'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')

export const resourceQuotaValidation: Validation<ResourceQuota> = {
  validate: (quota) =>
    findingsOf((found) => {
      checkSpec(found, quota.spec ?? {})
      checkStatus(found, quota)
    }),
  validateUpdate: ({ spec = {} }, old) =>
    findingsOf((found) => {
      checkSpec(found, spec)
      const now = new Set<string>(spec.scopes)
      const before = new Set<string>(old.spec?.scopes)
      if (now.size !== before.size || [...now].some((scope) => !before.has(scope))) {
        found.invalid(path.child('scopes'), spec.scopes ?? null, immutableMessage)
      }
    }),
  validateStatusUpdate: (quota) => findingsOf((found) => checkStatus(found, quota)),
}

function checkAmounts(found: Findings, amounts: Amounts | undefined, at: FieldPath): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    checkQuotaResourceName(found, name, at.key(name))
    checkResourceAmount(found, name, amount, at.key(name))
  }
}

function checkStatus(found: Findings, quota: ResourceQuota): void {
  checkAmounts(found, quota.status?.hard, status.child('hard'))
  checkAmounts(found, quota.status?.used, status.child('used'))
}

function checkSpec(found: Findings, spec: QuotaSpec): void {
  checkAmounts(found, spec.hard, path.child('hard'))
  checkScopes(found, spec)
  if (spec.scopeSelector) checkScopeSelector(found, spec, spec.scopeSelector)
}

const pods = ['pods']
const podResources = [...pods, 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']

/** What each scope can be applied to. */
const resourcesOfScope: Readonly<Record<string, readonly string[]>> = {
  Terminating: podResources,
  NotTerminating: podResources,
  NotBestEffort: podResources,
  PriorityClass: podResources,
  CrossNamespacePodAffinity: podResources,
  BestEffort: pods,
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
}

const knownScopes = (scope: string): readonly string[] | undefined =>
  Object.hasOwn(resourcesOfScope, scope) ? resourcesOfScope[scope] : undefined

const conflicts = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

function checkScopes(found: Findings, { scopes = [], hard = {} }: QuotaSpec): void {
  const at = path.child('scopes')
  for (const scope of scopes) {
    const applies = knownScopes(scope)
    if (!applies) found.invalid(at, scopes, 'unsupported scope')
    for (const name of Object.keys(hard).sort()) {
      if (applies && isStandardQuotaResource(name) && !applies.includes(name)) {
        found.invalid(at, scopes, 'unsupported scope applied to resource')
      }
    }
  }
  for (const pair of conflicts) {
    if (pair.every((scope) => scopes.includes(scope))) found.invalid(at, scopes, 'conflicting scopes')
  }
}

const existsOnly = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']

function checkScopeSelector(found: Findings, spec: QuotaSpec, selector: NonNullable<QuotaSpec['scopeSelector']>): void {
  const at = path.child('scopeSelector', 'matchExpressions')
  const requirements = selector.matchExpressions ?? []
  for (const { scopeName, operator, values = [] } of requirements) {
    const applies = knownScopes(scopeName)
    if (!applies) found.invalid(at.child('scopeName'), scopeName, 'unsupported scope')
    for (const name of Object.keys(spec.hard ?? {}).sort()) {
      if (applies && isStandardQuotaResource(name) && !applies.includes(name)) {
        found.invalid(at, printedSelector(requirements), 'unsupported scope applied to resource')
      }
    }
    if (existsOnly.includes(scopeName) && operator !== 'Exists') {
      found.invalid(
        at.child('operator'),
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      )
    }
    checkOperator(found, operator, values, at)
  }
  const named: string[] = requirements.map(({ scopeName }) => scopeName)
  for (const pair of conflicts) {
    if (pair.every((scope) => named.includes(scope))) found.invalid(at, spec.scopes ?? null, 'conflicting scopes')
  }
}

function checkOperator(found: Findings, operator: string, values: readonly string[], at: FieldPath): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) {
      found.required(at.child('values'), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
    }
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      found.invalid(at.child('values'), values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")
    }
  } else found.invalid(at.child('operator'), operator, 'not a valid selector operator')
}

function printedSelector(requirements: readonly TypeOf<'core.v1.ScopedResourceSelectorRequirement'>[]): object {
  return {
    MatchExpressions: requirements.map(({ scopeName, operator, values }) => ({
      ScopeName: scopeName,
      Operator: operator,
      Values: values ?? null,
    })),
  }
}
