import { type FieldPath, Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Check, type Findings, forEachItem } from '../findings.js'
import { checkLabel } from '../names.js'
import { checkResourceAmount } from '../quantities.js'
import { checkContainerResourceName, isHugePages, isOvercommitAllowed, isWholePages } from '../resource-names.js'

type ResourceRequirements = TypeOf<'core.v1.ResourceRequirements'>

export interface ResourceRules {
  /** Which resources may be named; those of containers when absent. */
  readonly checkName?: Check<string>
  /** The resource claims of the pod. */
  readonly claims: ReadonlySet<string>
  /** The pod had parts of pages before. */
  readonly allowPartsOfPages?: boolean
}

/** What a container, or a pod as a whole, needs and may use. */
export function checkResources(
  found: Findings,
  { limits = {}, requests = {}, claims }: ResourceRequirements,
  path: FieldPath,
  rules: ResourceRules,
): void {
  const named = { limits: path.child('limits'), requests: path.child('requests') }
  for (const [name, amount] of Object.entries(limits)) checkAmount(found, name, amount, named.limits.key(name), rules)
  for (const [name, amount] of Object.entries(requests)) {
    const at = named.requests.key(name)
    checkNamedAmount(found, name, amount, at, rules)
    checkAgainstLimit(found, name, amount, limits[name], named)
    checkPages(found, name, amount, at, rules)
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)]
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    found.forbidden(path, 'HugePages require cpu or memory')
  if (claims) checkClaims(found, claims, path.child('claims'), rules.claims)
}

function checkAmount(found: Findings, name: string, amount: string, path: FieldPath, rules: ResourceRules): void {
  checkNamedAmount(found, name, amount, path, rules)
  checkPages(found, name, amount, path, rules)
}

function checkNamedAmount(found: Findings, name: string, amount: string, path: FieldPath, rules: ResourceRules): void {
  const checkName = rules.checkName ?? checkContainerResourceName
  checkName(found, name, path)
  checkResourceAmount(found, name, amount, path)
}

function checkPages(found: Findings, name: string, amount: string, path: FieldPath, rules: ResourceRules): void {
  if (!isHugePages(name) || rules.allowPartsOfPages || isWholePages(name, Quantity.parse(amount))) return
  found.invalid(path, amount, `${amount} is not positive integer multiple of ${name}`)
}

function checkAgainstLimit(
  found: Findings,
  name: string,
  amount: string,
  limit: string | undefined,
  path: { limits: FieldPath; requests: FieldPath },
): void {
  const overcommit = isOvercommitAllowed(name)
  if (limit === undefined) {
    if (!overcommit) found.required(path.limits, 'Limit must be set for non overcommitable resources')
    return
  }
  const compared = Quantity.parse(amount).cmp(Quantity.parse(limit))
  if (compared !== 0 && !overcommit) found.invalid(path.requests, amount, `must be equal to ${name} limit of ${limit}`)
  else if (compared > 0) found.invalid(path.requests, amount, `must be less than or equal to ${name} limit of ${limit}`)
}

function checkClaims(
  found: Findings,
  claims: readonly TypeOf<'core.v1.ResourceClaim'>[],
  path: FieldPath,
  ofPod: ReadonlySet<string>,
): void {
  const known = [...ofPod].sort()
  const seen = new Set<string>()
  forEachItem(claims, path, ({ name, request }, at) => {
    if (!name) {
      found.required(at)
      return
    }
    if (seen.has(name)) found.duplicate(at, name)
    else {
      const key = request ? `${name}/${request}` : name
      if (request) checkLabel(found, request, at.child('request'))
      if (seen.has(key)) found.duplicate(at, key)
      else if (!request) for (const other of seen) if (other.startsWith(`${name}/`)) found.duplicate(at, name)
      seen.add(key)
    }
    if (!ofPod.has(name)) {
      const among = known.length === 0 ? ' which is empty' : `: ${known.join(', ')}`
      found.notFound(at, name, `must be one of the names in pod.spec.resourceClaims${among}`)
    }
  })
}
