import type { Service } from '@treeline/api'
import { errors, FieldPath, fieldErrors } from '@treeline/machinery'
import { AddressUnavailable, type ClusterIps } from './cluster-ips.js'
import { isUnchangedPreference } from './ip-families.js'
import type { IpFamily } from './ip-range.js'

/** Addresses that change hands with one write of a Service. */
export interface AddressChange {
  readonly taken: readonly string[]
  /** Free once the write is done. */
  readonly leaving: readonly string[]
}

const noChange: AddressChange = { taken: [], leaving: [] }

/** Takes the addresses of a new Service, as many as it has families. */
export async function takeAddresses(service: Service, ips: ClusterIps, dryRun: boolean): Promise<AddressChange> {
  const { spec } = service
  if (!spec || !hasAddresses(service)) return noChange
  const addresses = [...(spec.clusterIPs ?? [])]
  const taken = await takeFrom(0, service, addresses, ips, dryRun)
  spec.clusterIPs = addresses
  spec.clusterIP = addresses[0]
  return { taken, leaving: [] }
}

/** Takes and gives back addresses as type and families change. The first address never changes. */
export async function changeAddresses(service: Service, old: Service, ips: ClusterIps, dryRun: boolean): Promise<AddressChange> {
  const [after, before] = [service.spec, old.spec]
  if (!after || !before || isUnchangedPreference(service, old)) return noChange
  if (before.type === 'ExternalName') return after.type === 'ExternalName' ? noChange : takeAddresses(service, ips, dryRun)
  if (before.clusterIPs?.[0] === 'None') return noChange
  if (after.type === 'ExternalName') return { taken: [], leaving: before.clusterIPs ?? [] }
  const [families, formerFamilies] = [after.ipFamilies?.length ?? 0, before.ipFamilies?.length ?? 0]
  if (formerFamilies === 1 && families === 2) {
    const addresses = [...(after.clusterIPs ?? [])]
    const taken = await takeFrom(1, service, addresses, ips, dryRun)
    after.clusterIPs = addresses
    return { taken, leaving: [] }
  }
  if (formerFamilies === 2 && families === 1) return { taken: [], leaving: (before.clusterIPs ?? []).slice(1) }
  return noChange
}

/** Addresses a stored Service holds. */
export function addressesOf(service: Service): readonly string[] {
  return hasAddresses(service) ? (service.spec?.clusterIPs ?? []) : []
}

/** Takes those from index `from` on, and writes them into `addresses`. What was taken goes back when one cannot be had. */
async function takeFrom(from: number, service: Service, addresses: string[], ips: ClusterIps, dryRun: boolean): Promise<string[]> {
  const taken: string[] = []
  try {
    for (const [index, family] of (service.spec?.ipFamilies ?? []).entries()) {
      if (index < from) continue
      const address = await ips.take(service, family as IpFamily, addresses[index] || undefined, dryRun)
      addresses[index] = address
      taken.push(address)
    }
    return taken
  } catch (error) {
    if (!dryRun) for (const address of taken) await ips.release(address)
    throw error instanceof AddressUnavailable ? explained(service, addresses, taken.length + from, error) : error
  }
}

const explained = (service: Service, addresses: readonly string[], index: number, error: AddressUnavailable): Error => {
  if (error.full) return errors.internal(`failed to allocate a serviceIP: ${error.message}`)
  const asked = addresses[index]
  const detail = asked ? `failed to allocate IP ${asked}: ${error.message}` : `failed to allocate IP: ${error.message}`
  return errors.invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', [
    fieldErrors.invalid(FieldPath.root('spec').child('clusterIPs'), addresses, detail),
  ])
}

const hasAddresses = ({ spec }: Service): boolean => spec?.type !== 'ExternalName' && spec?.clusterIPs?.[0] !== 'None'
