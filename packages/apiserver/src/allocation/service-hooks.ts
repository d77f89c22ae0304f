import { Endpoints, Service } from '@treeline/api'
import { isStatusError } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import type { Finish, WriteHooks } from '../registry/write-hooks.js'
import type { ClusterIps } from './cluster-ips.js'
import { initialiseFamilies } from './ip-families.js'
import { linkAddresses } from './linked-addresses.js'
import type { NodePorts } from './node-ports.js'
import { PortOperation } from './port-operation.js'
import { type AddressChange, addressesOf, changeAddresses, takeAddresses } from './service-addresses.js'
import { changePorts, keepPorts, nodePortsOf, takePorts } from './service-ports.js'

/** Allots addresses and node ports to Services, and takes them back. */
export function serviceAllocation(internals: ApiInternals, ips: ClusterIps, ports: NodePorts): WriteHooks<Service> {
  const allot = async (
    dryRun: boolean,
    takeIps: () => Promise<AddressChange>,
    takePortsWith: (operation: PortOperation) => void,
  ): Promise<Finish> => {
    const addresses = await takeIps()
    const operation = new PortOperation(ports, dryRun)
    const finish: Finish = async (written) => {
      operation.finish(written)
      if (dryRun) return
      for (const address of written ? addresses.leaving : addresses.taken) await ips.release(address)
    }
    try {
      takePortsWith(operation)
    } catch (error) {
      await finish(false)
      throw error
    }
    return finish
  }

  let loading: Promise<void> | undefined
  // Ports of the Services there are must be known before any is given away.
  const loaded = () => {
    loading ??= internals.store(Service).ready.then(() => {
      for (const service of internals.list(Service)) for (const port of nodePortsOf(service)) if (ports.contains(port)) ports.take(port)
    })
    return loading
  }

  return {
    kind: Service,
    async beforeCreate(service, { dryRun }) {
      await loaded()
      linkAddresses(service)
      initialiseFamilies(service, undefined, ips.families())
      return allot(
        dryRun,
        () => takeAddresses(service, ips, dryRun),
        (operation) => takePorts(service, operation),
      )
    },
    async beforeUpdate(service, old, { dryRun }) {
      await loaded()
      keepAddresses(service, old)
      keepPorts(service, old)
      linkAddresses(service, old)
      initialiseFamilies(service, old, ips.families())
      return allot(
        dryRun,
        () => changeAddresses(service, old, ips, dryRun),
        (operation) => changePorts(service, old, operation),
      )
    },
    async afterDelete(service) {
      for (const port of nodePortsOf(service)) ports.release(port)
      await Promise.all([...addressesOf(service).map((address) => ips.release(address)), deleteEndpoints(internals, service)])
    },
  }
}

/** What a client left out of a Service that was allotted it stays as it is. */
function keepAddresses(service: Service, old: Service): void {
  const [after, before] = [service.spec, old.spec]
  if (!after || !before || after.type === 'ExternalName' || before.type === 'ExternalName') return
  if (!after.clusterIP && before.clusterIP) after.clusterIP = before.clusterIP
  if (!after.clusterIPs?.length && before.clusterIPs?.length) after.clusterIPs = [...before.clusterIPs]
}

/** A Service made anew under the name must not find the endpoints of the former one. */
async function deleteEndpoints(internals: ApiInternals, { metadata }: Service): Promise<void> {
  const { namespace, name = '' } = metadata
  await internals.store(Endpoints).ready
  if (!internals.get(Endpoints, namespace, name)) return
  try {
    await internals.delete(Endpoints, namespace, name)
  } catch (error) {
    // A controller was faster.
    if (!isStatusError(error, 'NotFound')) throw error
  }
}
