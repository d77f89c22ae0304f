import { CgroupDriver, type RuntimeImplementation } from '@treeline/cri'
import { AddressPool } from '../network/address-pool.js'
import type { NodeState } from '../node-state.js'

type NodeCalls = Pick<RuntimeImplementation, 'version' | 'status' | 'runtimeConfig' | 'updateRuntimeConfig'>

export function nodeCalls(state: NodeState): NodeCalls {
  return {
    async version() {
      return { version: '0.1.0', runtimeName: 'sandbox', runtimeVersion: '0.1.0', runtimeApiVersion: 'v1' }
    },

    async status() {
      const network = state.addresses !== undefined
      return {
        status: {
          conditions: [
            { type: 'RuntimeReady', status: true },
            network
              ? { type: 'NetworkReady', status: true }
              : { type: 'NetworkReady', status: false, reason: 'NetworkPluginNotReady', message: 'the node has no pod CIDR yet' },
          ],
        },
        runtimeHandlers: [{ name: '' }],
        features: { supplementalGroupsPolicy: true },
      }
    },

    async runtimeConfig() {
      return { linux: { cgroupDriver: CgroupDriver.CGROUPFS } }
    },

    /** The first CIDR is kept: pods hold addresses of it. */
    async updateRuntimeConfig({ runtimeConfig }) {
      const cidr = runtimeConfig?.networkConfig?.podCidr.split(',')[0]
      if (cidr) state.addresses ??= new AddressPool(cidr)
      return {}
    },
  }
}
