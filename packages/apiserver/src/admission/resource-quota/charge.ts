import {
  type Amounts,
  addAmounts,
  amountsOf,
  computeUsage,
  hasDeadline,
  maskAmounts,
  type Pod,
  type QuotaEvaluator,
  quotaMatches,
  type ResourceQuota,
  resourceListOf,
  subtractAmounts,
} from '@treeline/api'
import type { AdmissionAttributes } from '../admission.js'
import { refused } from '../refusal.js'

/** What the quotas of a namespace would say if the request were carried out. Throws Forbidden when one does not allow it. */
export function charged(
  quotas: readonly ResourceQuota[],
  attributes: AdmissionAttributes,
  evaluator: QuotaEvaluator,
  now: number,
): ResourceQuota[] {
  const { object, oldObject } = attributes
  if (!object) return [...quotas]
  const applying = new Set(quotas.filter((quota) => quotaMatches(evaluator, quota, object)))
  for (const quota of applying) checkCompleteness(quota, attributes, evaluator)
  if (applying.size === 0) return [...quotas]
  const usage = evaluator.usage(object, now)
  const negative = [...usage].filter(([, amount]) => amount.sign < 0).map(([name]) => name)
  if (negative.length > 0) throw refused(attributes, `quota usage is negative for resource(s): ${negative.sort().join(',')}`)
  // An object that an update creates has no resourceVersion before; it counts in full.
  const before = attributes.operation === 'UPDATE' && oldObject?.metadata.resourceVersion ? evaluator.usage(oldObject, now) : undefined
  return quotas.map((quota) => {
    if (!applying.has(quota)) return quota
    const counted = before && oldObject && quotaMatches(evaluator, quota, oldObject)
    return withUsage(quota, attributes, counted ? subtractAmounts(usage, before) : usage)
  })
}

/** Whether the request can change what is used at all. */
export function canCharge(attributes: AdmissionAttributes): boolean {
  const { operation, kind, subresource = '', object, oldObject } = attributes
  if (operation !== 'CREATE' && operation !== 'UPDATE') return false
  switch (kind.group === '' ? kind.plural : '') {
    case 'pods':
      if (subresource === 'resize') return operation === 'UPDATE'
      return subresource === '' && (operation === 'CREATE' || hasDeadline(object as Pod) !== hasDeadline(oldObject as Pod))
    case 'services':
      return subresource === ''
    case 'persistentvolumeclaims':
      return subresource === '' || (subresource === 'status' && operation === 'UPDATE')
    default:
      return subresource === '' && operation === 'CREATE'
  }
}

function withUsage(quota: ResourceQuota, attributes: AdmissionAttributes, usage: Amounts): ResourceQuota {
  const hard = amountsOf(quota.status?.hard)
  const used = amountsOf(quota.status?.used)
  const asked = new Map([...maskAmounts(usage, hard.keys())].filter(([, amount]) => !amount.isZero))
  if (asked.size === 0) return quota
  const next = addAmounts(used, asked)
  const exceeded = [...asked.keys()].filter((name) => {
    const limit = hard.get(name)
    return limit !== undefined && (next.get(name)?.cmp(limit) ?? 0) > 0
  })
  if (exceeded.length > 0 && attributes.subresource !== 'status') {
    const shown = (amounts: Amounts) => listing(maskAmounts(amounts, exceeded))
    throw refused(
      attributes,
      `exceeded quota: ${quota.metadata.name}, requested: ${shown(asked)}, used: ${shown(used)}, limited: ${shown(hard)}`,
    )
  }
  return { ...quota, status: { ...quota.status, used: resourceListOf(next) } }
}

const listing = (amounts: Amounts): string =>
  Object.entries(resourceListOf(amounts))
    .map(([name, amount]) => `${name}=${amount}`)
    .join(',')

/** A quota can be kept only when its use is known, and a pod says what it needs of cpu and memory that are limited. */
function checkCompleteness(quota: ResourceQuota, attributes: AdmissionAttributes, evaluator: QuotaEvaluator): void {
  const names = Object.keys(quota.status?.hard ?? {}).filter((name) => evaluator.counts(name))
  if (attributes.kind.plural === 'pods') {
    const missing = unstated(attributes.object as Pod, names)
    if (missing !== '') throw refused(attributes, `failed quota: ${quota.metadata.name}: must specify ${missing}`)
  }
  const used = quota.status?.used ?? {}
  if (names.some((name) => used[name] === undefined)) {
    throw refused(attributes, `status unknown for quota: ${quota.metadata.name}, resources: ${names.sort().join(',')}`)
  }
}

const mustState = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'])

const unstated = (pod: Pod, names: readonly string[]): string => {
  const { spec } = pod
  if (Object.keys({ ...spec?.resources?.requests, ...spec?.resources?.limits }).length > 0) return ''
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]
  const lacking = names
    .filter((name) => mustState.has(name))
    .sort()
    .map((name) => {
      const without = containers.filter(
        ({ resources }) => !computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits)).has(name),
      )
      return { name, containers: [...new Set(without.map((container) => container.name))].sort() }
    })
  return lacking
    .filter(({ containers }) => containers.length > 0)
    .map(({ name, containers }) => `${name} for: ${containers.join(',')}`)
    .join('; ')
}
