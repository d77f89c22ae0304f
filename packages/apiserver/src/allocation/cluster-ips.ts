import { IPAddress, type Service, ServiceCIDR } from '@treeline/api'
import { isStatusError } from '@treeline/machinery'
import { serverFieldManager } from '../bootstrap/ensure.js'
import type { ApiInternals } from '../registry/internals.js'
import { addressText, contains, type IpFamily, type IpRange, ipRange, numberOf } from './ip-range.js'

/** Why an address could not be had. */
export class AddressUnavailable extends Error {
  constructor(
    readonly full: boolean,
    message: string,
  ) {
    super(message)
  }
}

/** Gives addresses to Services. Each one taken is an IPAddress object, so that its creation is the lock. */
export interface ClusterIps {
  /** Families that the cluster has ranges for, that of its default range first. */
  families(): readonly IpFamily[]
  /** Takes any free address, or `wanted`. In dry-run nothing is taken. Throws AddressUnavailable. */
  take(service: Service, family: IpFamily, wanted: string | undefined, dryRun: boolean): Promise<string>
  release(address: string): Promise<void>
}

const familyLabel = 'ipaddress.kubernetes.io/ip-family'
const managerLabel = 'ipaddress.kubernetes.io/managed-by'
const manager = 'ipallocator.k8s.io'

/** `defaultCidrs`: the ranges the server was started with, in their order. `random` gives 0 to below 1. */
export function clusterIps(internals: ApiInternals, defaultCidrs: readonly string[], random: () => number = Math.random): ClusterIps {
  const parsed = new Map<string, IpRange>()
  const rangeOf = (cidr: string): IpRange => {
    const range = parsed.get(cidr) ?? ipRange(cidr)
    parsed.set(cidr, range)
    return range
  }
  const defaultFamilies = [...new Set(defaultCidrs.map((cidr) => rangeOf(cidr).family))]
  /** Ranges that addresses may be taken from now. */
  const open = (family: IpFamily): IpRange[] =>
    internals
      .list(ServiceCIDR)
      .filter(isOpen)
      .flatMap(({ spec }) => (spec?.cidrs ?? []).map(rangeOf))
      .filter((range) => range.family === family)
  const take = (name: string, service: Service, family: IpFamily) => createAddress(internals, name, service, family)

  return {
    families: () => defaultFamilies,

    async take(service, family, wanted, dryRun) {
      if (wanted !== undefined) return takeWanted(open(family), wanted, family, dryRun, (name) => take(name, service, family))
      for (const range of open(family)) {
        if (dryRun) return addressText(range.network, family)
        for (const candidate of candidates(range, random)) {
          const name = addressText(candidate, family)
          if (!internals.get(IPAddress, undefined, name) && (await take(name, service, family))) return name
        }
      }
      throw new AddressUnavailable(true, 'range is full')
    },

    async release(address) {
      try {
        await internals.delete(IPAddress, undefined, address, { gracePeriodSeconds: 0 })
      } catch (error) {
        // Already free.
        if (!isStatusError(error, 'NotFound')) throw error
      }
    },
  }
}

async function takeWanted(
  ranges: readonly IpRange[],
  wanted: string,
  family: IpFamily,
  dryRun: boolean,
  take: (name: string) => Promise<boolean>,
): Promise<string> {
  const number = numberOf(wanted, family)
  const range = number === undefined ? undefined : ranges.find((each) => contains(each, number))
  if (!range || number === undefined) throw new AddressUnavailable(false, 'the provided network does not match the current range')
  if (number < range.first || number > range.last) {
    throw new AddressUnavailable(false, `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${range.cidr}`)
  }
  if (!dryRun && !(await take(addressText(number, family)))) throw new AddressUnavailable(false, 'provided IP is already allocated')
  return wanted
}

/** Every address of the upper band once, from a random one on; then those of the lower band. */
function* candidates(range: IpRange, random: () => number): Generator<bigint> {
  yield* turn(range.upper, range.last, random)
  yield* turn(range.first, range.upper - 1n, random)
}

function* turn(first: bigint, last: bigint, random: () => number): Generator<bigint> {
  const size = last - first + 1n
  if (size <= 0n) return
  // Beyond 2^48 addresses the start lies in the first ones; no cluster notices.
  const start = BigInt(Math.floor(random() * Number(size < 1n << 48n ? size : 1n << 48n)))
  for (let step = 0n; step < size; step++) yield first + ((start + step) % size)
}

/** False when somebody else has the address. */
async function createAddress(internals: ApiInternals, name: string, service: Service, family: IpFamily): Promise<boolean> {
  const { namespace, name: serviceName = '' } = service.metadata
  const address: IPAddress = {
    metadata: { name, labels: { [familyLabel]: family, [managerLabel]: manager } },
    spec: { parentRef: { resource: 'services', namespace, name: serviceName } },
  }
  try {
    await internals.create(IPAddress, address, { fieldManager: serverFieldManager })
    return true
  } catch (error) {
    if (isStatusError(error, 'AlreadyExists')) return false
    throw error
  }
}

const isOpen = ({ metadata, status }: ServiceCIDR): boolean =>
  !metadata.deletionTimestamp && !status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'False')
