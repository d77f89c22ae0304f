import type { Node } from '@treeline/api'
import type { InstanceDescription, Instances } from '@treeline/cloud-provider'
import { region } from '../cloud/catalog.js'
import type { InstanceRecord } from '../cloud/state.js'
import type { ApiClient } from './api-client.js'

export const scheme = 'sandbox'

/** One listing answers any number of nodes. */
export function instances(api: ApiClient): Instances {
  return {
    async describe(nodes, signal) {
      const listed = await api.list<InstanceRecord>('/v1/instances', signal)
      const byID = new Map(listed.map((instance) => [instance.id, instance]))
      const byName = new Map(listed.map((instance) => [instance.name, instance]))
      return nodes.map((node) => describe(node, byID, byName))
    },
  }
}

function describe(node: Node, byID: ReadonlyMap<string, InstanceRecord>, byName: ReadonlyMap<string, InstanceRecord>): InstanceDescription {
  const providerID = node.spec?.providerID
  if (providerID && !providerID.startsWith(`${scheme}://`)) return { existence: 'foreign' }
  const instance = providerID ? byID.get(providerID.slice(providerID.lastIndexOf('/') + 1)) : byName.get(node.metadata.name ?? '')
  // without a providerID the name is no proof: the node may be another cloud's
  if (!instance) return providerID ? { existence: 'gone' } : { existence: 'foreign' }
  return {
    existence: 'exists',
    shutdown: instance.state === 'stopped',
    metadata: {
      providerID: `${scheme}:///${instance.zone}/${instance.id}`,
      instanceType: instance.type,
      region,
      zone: instance.zone,
      addresses: [
        { type: 'InternalIP', address: instance.address },
        { type: 'Hostname', address: instance.name },
      ],
    },
  }
}
