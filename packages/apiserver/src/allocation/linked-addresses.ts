import type { Service } from '@treeline/api'
import { type FieldError, FieldPath, fieldErrors } from '@treeline/machinery'
import { familyOf } from './ip-range.js'

const spec = FieldPath.root('spec')
const families = ['IPv4', 'IPv6']
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** `clusterIP` and `clusterIPs` say the same; clients may know only the first. Brings the other along. */
export function linkAddresses({ spec: after }: Service, old?: Service): void {
  if (!after) return
  const before = old?.spec
  if (!before) {
    if (after.clusterIP && !after.clusterIPs?.length) after.clusterIPs = [after.clusterIP]
    return
  }
  if (before.clusterIPs?.length && !after.clusterIPs?.length && before.clusterIP === after.clusterIP)
    after.clusterIPs = [...before.clusterIPs]
  if ((before.clusterIP ?? '') === (after.clusterIP ?? '')) return
  if (!sameList(after.clusterIPs, before.clusterIPs)) return
  after.clusterIPs = after.clusterIP ? [after.clusterIP] : undefined
}

/** What is wrong with addresses, families and policy of a Service in themselves. */
export function linkedAddressProblems({ spec: after }: Service, old?: Service): FieldError[] {
  if (!after || after.type === 'ExternalName') return []
  const addresses = after.clusterIPs ?? []
  const path = spec.child('clusterIPs')
  const problems = [...firstAddressProblems(after, addresses), ...familyProblems(after)]
  const invalid = addresses.flatMap((address, index) => addressProblems(addresses, address, index, old?.spec?.clusterIPs ?? []))
  problems.push(...invalid)
  if (addresses.length > 2) problems.push(fieldErrors.invalid(path, addresses, 'may only hold up to 2 values'))
  if (invalid.length > 0) return problems
  if (addresses.length > 1 && new Set(addresses.map(familyOf)).size !== addresses.length) {
    problems.push(fieldErrors.invalid(path, addresses, 'may specify no more than one IP for each IP family'))
  }
  return [...problems, ...mismatches(after, addresses)]
}

type Spec = NonNullable<Service['spec']>

function firstAddressProblems({ clusterIP }: Spec, addresses: readonly string[]): FieldError[] {
  const path = spec.child('clusterIPs')
  if (!clusterIP)
    return addresses.length === 0 ? [] : [fieldErrors.invalid(path, addresses, 'must be empty when `clusterIP` is not specified')]
  if (addresses.length === 0) return [fieldErrors.required(path)]
  return addresses[0] === clusterIP ? [] : [fieldErrors.invalid(path, addresses, 'first value must match `clusterIP`')]
}

function familyProblems({ ipFamilies = [], ipFamilyPolicy }: Spec): FieldError[] {
  const problems: FieldError[] = []
  for (const [index, family] of ipFamilies.entries()) {
    const path = spec.child('ipFamilies').index(index)
    if (!families.includes(family)) problems.push(fieldErrors.notSupported(path, family, families))
    if (ipFamilies.indexOf(family) < index) problems.push(fieldErrors.duplicate(path, family))
  }
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) {
    problems.push(fieldErrors.notSupported(spec.child('ipFamilyPolicy'), ipFamilyPolicy, policies))
  }
  return problems
}

function addressProblems(addresses: readonly string[], address: string, index: number, before: readonly string[]): FieldError[] {
  const path = spec.child('clusterIPs')
  if (index === 0 && address === 'None') {
    return addresses.length > 1 ? [fieldErrors.invalid(path, addresses, "'None' must be the first and only value")] : []
  }
  if (familyOf(address) !== undefined || before.includes(address)) return []
  return [fieldErrors.invalid(path.index(index), address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
}

function mismatches({ clusterIP, ipFamilies = [] }: Spec, addresses: readonly string[]): FieldError[] {
  if (clusterIP === 'None') return []
  return addresses.flatMap((address, index) => {
    const expected = ipFamilies[index]
    if (expected === undefined || !families.includes(expected) || familyOf(address) === expected) return []
    const detail = `expected an ${expected} value as indicated by \`ipFamilies[${index}]\``
    return [fieldErrors.invalid(spec.child('clusterIPs').index(index), address, detail)]
  })
}

const sameList = (left: readonly string[] = [], right: readonly string[] = []): boolean =>
  left.length === right.length && left.every((value, index) => value === right[index])
