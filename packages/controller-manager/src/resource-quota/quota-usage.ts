import { type Amounts, addAmounts, type QuotaEvaluator, quotaEvaluator, quotaScopes, type ResourceQuota } from '@treeline/api'
import { type KubernetesObject, Quantity } from '@treeline/machinery'

/** A resource whose objects count against quotas. */
export interface CountedResource {
  readonly group: string
  readonly resource: string
}

/** Resources known to count under plain names. */
const plainNames: Readonly<Record<string, string>> = {
  configmaps: 'configmaps',
  secrets: 'secrets',
  resourcequotas: 'resourcequotas',
  replicationcontrollers: 'replicationcontrollers',
}
const special: readonly CountedResource[] = ['pods', 'services', 'persistentvolumeclaims'].map((resource) => ({ group: '', resource }))

/** The resources that the limits of a quota are about. */
export function countedResources(quota: ResourceQuota): CountedResource[] {
  const found = new Map<string, CountedResource>()
  const add = (counted: CountedResource) => found.set(`${counted.resource}.${counted.group}`, counted)
  for (const name of Object.keys(quota.spec?.hard ?? {})) {
    for (const counted of special) if (quotaEvaluator('', counted.resource).counts(name)) add(counted)
    const plain = Object.hasOwn(plainNames, name) ? plainNames[name] : undefined
    if (plain) add({ group: '', resource: plain })
    const [, resource, group = ''] = /^count\/([^.]+)(?:\.(.+))?$/.exec(name) ?? []
    if (resource) add({ group, resource })
  }
  return [...found.values()]
}

/** What objects of one resource use of a quota, by the names it limits. */
export function usageOf(quota: ResourceQuota, evaluator: QuotaEvaluator, objects: readonly KubernetesObject[], now: number): Amounts {
  const names = Object.keys(quota.spec?.hard ?? {}).filter((name) => evaluator.counts(name))
  const scopes = quotaScopes(quota)
  let used: Amounts = new Map(names.map((name) => [name, Quantity.zero]))
  for (const object of objects) {
    if (!scopes.every((scope) => evaluator.inScope(object, scope))) continue
    const usage = new Map([...evaluator.usage(object, now)].filter(([name]) => names.includes(name)))
    used = addAmounts(used, usage)
  }
  return used
}
