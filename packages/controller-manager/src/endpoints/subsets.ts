import type { EndpointAddress, EndpointPort, EndpointSubset } from '@treeline/api'

/** One address behind one port; without port for headless services that have none. */
export interface AddressAtPort {
  readonly address: EndpointAddress
  readonly ready: boolean
  readonly port: EndpointPort | undefined
}

/** Most addresses that Endpoints may list. */
export const maxAddresses = 1000

/** Groups addresses by the ports they have in common, in an order that depends on nothing but the content. */
export function packSubsets(entries: readonly AddressAtPort[]): EndpointSubset[] {
  const ports = new Map<string, { port: EndpointPort | undefined; addresses: Map<string, { address: EndpointAddress; ready: boolean }> }>()
  for (const { address, ready, port } of entries) {
    const id = portText(port)
    const group = ports.get(id) ?? { port, addresses: new Map<string, { address: EndpointAddress; ready: boolean }>() }
    ports.set(id, group)
    const addressId = `${address.ip}\0${address.targetRef?.uid ?? ''}`
    const known = group.addresses.get(addressId)
    group.addresses.set(addressId, { address, ready: ready && (known?.ready ?? true) })
  }
  const subsets = new Map<string, EndpointSubset>()
  for (const [, { port, addresses }] of [...ports].sort(byKey)) {
    const id = [...addresses]
      .map(([addressId, { ready }]) => `${addressId}\0${ready}`)
      .sort()
      .join()
    const subset = subsets.get(id) ?? subsetOf([...addresses].sort(byKey).map(([, entry]) => entry))
    if (port) subset.ports = [...(subset.ports ?? []), port]
    subsets.set(id, subset)
  }
  return [...subsets].sort(byKey).map(([, subset]) => subset)
}

/** The entries that subsets were packed from. */
export function unpackSubsets(subsets: readonly EndpointSubset[] | undefined): AddressAtPort[] {
  return (subsets ?? []).flatMap((subset) => {
    const ports = subset.ports?.length ? subset.ports : [undefined]
    const all = [
      ...(subset.addresses ?? []).map((address) => ({ address, ready: true })),
      ...(subset.notReadyAddresses ?? []).map((address) => ({ address, ready: false })),
    ]
    return ports.flatMap((port) => all.map((entry) => ({ ...entry, port })))
  })
}

/** Cuts subsets down to the most addresses there may be, ready ones first, each subset by its share; true if it had to. */
export function truncateSubsets(subsets: EndpointSubset[]): boolean {
  const count = (field: 'addresses' | 'notReadyAddresses') => subsets.reduce((sum, subset) => sum + (subset[field]?.length ?? 0), 0)
  const ready = count('addresses')
  const notReady = count('notReadyAddresses')
  if (ready + notReady <= maxAddresses) return false
  const cutReady = ready > maxAddresses
  const [field, total, limit] = cutReady
    ? (['addresses', ready, maxAddresses] as const)
    : (['notReadyAddresses', notReady, maxAddresses - ready] as const)
  let left: number = limit
  for (const subset of subsets) {
    const own = subset[field] ?? []
    const share = Math.min(Math.ceil((own.length / total) * limit), left)
    subset[field] = own.slice(0, share)
    left -= Math.min(own.length, share)
    if (cutReady) delete subset.notReadyAddresses
  }
  return true
}

function subsetOf(entries: readonly { readonly address: EndpointAddress; readonly ready: boolean }[]): EndpointSubset {
  const ready = entries.filter((entry) => entry.ready).map(({ address }) => address)
  const notReady = entries.filter((entry) => !entry.ready).map(({ address }) => address)
  return { ...(ready.length > 0 && { addresses: ready }), ...(notReady.length > 0 && { notReadyAddresses: notReady }) }
}

function portText(port: EndpointPort | undefined): string {
  return port ? JSON.stringify([port.name ?? '', port.port, port.protocol ?? 'TCP', port.appProtocol ?? '']) : ''
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
