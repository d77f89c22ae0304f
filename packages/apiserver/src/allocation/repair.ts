import { IPAddress, Service } from '@treeline/api'
import type { ApiInternals } from '../registry/internals.js'
import { AddressUnavailable, type ClusterIps } from './cluster-ips.js'
import { familyOf } from './ip-range.js'
import type { NodePorts } from './node-ports.js'
import { addressesOf } from './service-addresses.js'
import { nodePortsOf } from './service-ports.js'

/** An allocation that could not be put right; its reason is that of the event upstream records. */
export interface RepairProblem {
  readonly service: Service
  readonly reason: 'ClusterIPNotValid' | 'ClusterIPOutOfRange' | 'ClusterIPAlreadyAllocated' | 'PortAlreadyAllocated' | 'PortOutOfRange'
  readonly message: string
}

/** Milliseconds for which an address without a Service is left alone: its Service may be on its way. */
const patience = 60_000

/**
 * Brings the record of what is taken in line with the Services there are, as after a crash between two writes: ports
 * and addresses in use are taken, those of Services that are gone are free. Each pass returns what it could not settle.
 */
export function allocationRepair(
  internals: ApiInternals,
  ips: ClusterIps,
  ports: NodePorts,
  now: () => number,
): { run(): Promise<RepairProblem[]> } {
  let unexplained = new Set<number>()
  return {
    async run() {
      const services = internals.list(Service)
      const found = repairPorts(services, ports, unexplained)
      unexplained = found.unexplained
      const owners = new Map<string, Service>()
      const problems = [...found.problems]
      for (const service of services) {
        for (const address of addressesOf(service)) {
          const problem = await repairAddress(internals, ips, service, address, owners)
          if (problem) problems.push(problem)
        }
      }
      await freeLeaked(internals, ips, owners, now() - patience)
      return problems
    },
  }
}

/** A port that no Service explains in two passes is free again; in one it may be on its way into a Service. */
function repairPorts(services: readonly Service[], ports: NodePorts, unexplainedBefore: ReadonlySet<number>) {
  const problems: RepairProblem[] = []
  const used = new Set<number>()
  for (const service of services) {
    for (const port of new Set(nodePortsOf(service))) {
      if (!ports.contains(port))
        problems.push({ service, reason: 'PortOutOfRange', message: recreate(`Port ${port} is not within the port range`) })
      else if (used.has(port))
        problems.push({ service, reason: 'PortAlreadyAllocated', message: recreate(`Port ${port} was assigned to multiple services`) })
      else ports.take(port)
      used.add(port)
    }
  }
  const unexplained = new Set(ports.all().filter((port) => !used.has(port)))
  for (const port of unexplained) if (unexplainedBefore.has(port)) ports.release(port)
  return { problems, unexplained }
}

async function repairAddress(
  internals: ApiInternals,
  ips: ClusterIps,
  service: Service,
  address: string,
  owners: Map<string, Service>,
): Promise<RepairProblem | undefined> {
  const family = familyOf(address)
  if (family === undefined) return { service, reason: 'ClusterIPNotValid', message: recreate(`Cluster IP ${address} is not a valid IP`) }
  if (owners.has(address)) {
    return { service, reason: 'ClusterIPAlreadyAllocated', message: recreate(`Cluster IP ${address} was assigned to multiple services`) }
  }
  owners.set(address, service)
  const record = internals.get(IPAddress, undefined, address)
  if (record && isOf(record, service)) return undefined
  if (record) await ips.release(address)
  try {
    await ips.take(service, family, address, false)
    return undefined
  } catch (error) {
    if (!(error instanceof AddressUnavailable)) throw error
    return { service, reason: 'ClusterIPOutOfRange', message: recreate(`Cluster IP ${address} is not within any configured Service CIDR`) }
  }
}

/** Addresses taken before `before` (milliseconds) for a Service that did not come to be, or is gone. */
async function freeLeaked(internals: ApiInternals, ips: ClusterIps, owners: ReadonlyMap<string, Service>, before: number): Promise<void> {
  for (const { metadata, spec } of internals.list(IPAddress)) {
    const ours =
      metadata.labels?.['ipaddress.kubernetes.io/managed-by'] === 'ipallocator.k8s.io' && spec?.parentRef?.resource === 'services'
    const name = metadata.name ?? ''
    if (ours && !owners.has(name) && Date.parse(metadata.creationTimestamp ?? '') < before) await ips.release(name)
  }
}

const recreate = (text: string): string => `${text}; please recreate service`

const isOf = ({ spec }: IPAddress, { metadata }: Service): boolean =>
  spec?.parentRef?.namespace === metadata.namespace && spec?.parentRef?.name === metadata.name
