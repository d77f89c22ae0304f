import type { Service } from '@treeline/api'
import { errors, type FieldError, FieldPath, fieldErrors } from '@treeline/machinery'
import { familyOf, type IpFamily } from './ip-range.js'
import { linkedAddressProblems } from './linked-addresses.js'

const spec = FieldPath.root('spec')

/**
 * Fills in `ipFamilies` and `ipFamilyPolicy` from what the client said, what was there before and what the cluster has.
 * Throws Invalid when they do not go together. `configured`: the cluster's families, its default first.
 */
export function initialiseFamilies(service: Service, old: Service | undefined, configured: readonly IpFamily[]): void {
  const after = service.spec
  if (!after || after.type === 'ExternalName' || isUnchangedPreference(service, old)) return
  after.ipFamilyPolicy ??= old?.spec?.ipFamilyPolicy ?? (isFreeHeadless(service) ? 'RequireDualStack' : 'SingleStack')
  refuse(service, linkedAddressProblems(service, old))
  refuse(service, [...(old ? settleReduction(service, old) : []), ...singleStackProblems(service), ...inferFamilies(service, configured)])
  const free = isFreeHeadless(service)
  if (!free) refuse(service, configurationProblems(service, configured))
  const both = after.ipFamilyPolicy !== 'SingleStack' && (free || configured.length === 2)
  after.ipFamilies = completedFamilies(after.ipFamilies ?? [], configured[0] ?? 'IPv4', both)
}

/** A service that only prefers two families keeps what it has when the cluster gets or loses one. */
export function isUnchangedPreference(service: Service, old: Service | undefined): boolean {
  const [after, before] = [service.spec, old?.spec]
  return (
    before !== undefined &&
    after?.ipFamilyPolicy === 'PreferDualStack' &&
    (before.ipFamilyPolicy ?? 'PreferDualStack') === 'PreferDualStack' &&
    after.type === before.type &&
    after.type !== 'ExternalName' &&
    sameList(after.clusterIPs, before.clusterIPs) &&
    sameList(after.ipFamilies, before.ipFamilies)
  )
}

/** Without address and without selector: its endpoints are the user's own, of whatever family. */
const isFreeHeadless = ({ spec }: Service): boolean => spec?.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0

type Families = NonNullable<NonNullable<Service['spec']>['ipFamilies']>

const completedFamilies = (families: Families, fallback: IpFamily, both: boolean): Families => {
  const [first = fallback, ...rest] = families
  return both && rest.length === 0 ? [first, first === 'IPv6' ? 'IPv4' : 'IPv6'] : [first, ...rest]
}

/** Asking for a single family gives up the second one; giving up a second one must be asked for. */
function settleReduction(service: Service, old: Service): FieldError[] {
  const [after, before] = [service.spec, old.spec]
  if (!after || !before) return []
  if (after.ipFamilyPolicy === 'SingleStack') {
    if (sameList(after.clusterIPs, before.clusterIPs)) after.clusterIPs = after.clusterIPs?.slice(0, 1)
    if (sameList(after.ipFamilies, before.ipFamilies)) after.ipFamilies = after.ipFamilies?.slice(0, 1)
    return []
  }
  const reduced = (now: readonly unknown[] = [], then: readonly unknown[] = []) => now.length > 0 && now.length < then.length
  const policy = (detail: string) => fieldErrors.invalid(spec.child('ipFamilyPolicy'), after.ipFamilyPolicy, detail)
  return [
    ...(reduced(after.clusterIPs, before.clusterIPs) ? [policy("must be 'SingleStack' to release the secondary cluster IP")] : []),
    ...(reduced(after.ipFamilies, before.ipFamilies) ? [policy("must be 'SingleStack' to release the secondary IP family")] : []),
  ]
}

function singleStackProblems({ spec: after }: Service): FieldError[] {
  if (after?.ipFamilyPolicy !== 'SingleStack') return []
  const problem = (what: string) =>
    fieldErrors.invalid(
      spec.child('ipFamilyPolicy'),
      after.ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    )
  return [
    ...(after.clusterIPs?.length === 2 ? [problem('cluster IPs')] : []),
    ...(after.ipFamilies?.length === 2 ? [problem('IP families')] : []),
  ]
}

/** Families follow the addresses that were named. */
function inferFamilies({ spec: after }: Service, configured: readonly IpFamily[]): FieldError[] {
  const problems: FieldError[] = []
  for (const [index, address] of (after?.clusterIPs ?? []).entries()) {
    if (!after || address === 'None') break
    const family = familyOf(address)
    if (family === undefined || index < (after.ipFamilies?.length ?? 0)) continue
    if (configured.includes(family)) after.ipFamilies = [...(after.ipFamilies ?? []), family]
    else
      problems.push(
        fieldErrors.invalid(spec.child('clusterIPs').index(index), after.clusterIPs, `${family} is not configured on this cluster`),
      )
  }
  return problems
}

function configurationProblems({ spec: after }: Service, configured: readonly IpFamily[]): FieldError[] {
  const dual =
    after?.ipFamilyPolicy === 'RequireDualStack' && configured.length < 2
      ? [fieldErrors.invalid(spec.child('ipFamilyPolicy'), after.ipFamilyPolicy, 'this cluster is not configured for dual-stack services')]
      : []
  const families = (after?.ipFamilies ?? []).flatMap((family, index) =>
    configured.includes(family as IpFamily)
      ? []
      : [fieldErrors.invalid(spec.child('ipFamilies').index(index), family, 'not configured on this cluster')],
  )
  return [...dual, ...families]
}

function refuse(service: Service, problems: readonly FieldError[]): void {
  if (problems.length > 0) throw errors.invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', problems)
}

const sameList = (left: readonly string[] = [], right: readonly string[] = []): boolean =>
  left.length === right.length && left.every((value, index) => value === right[index])
