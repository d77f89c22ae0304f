import type { BootInstance, EmbeddedCloudFactory, RunningNode } from '@treeline/cloud-provider'
import { openCloud } from './cloud/cloud.js'
import { createSandboxRuntime } from './runtime/index.js'

/** The sandbox cloud in this process: its instances run the simulated runtime and whatever node agent the caller boots. */
export const createEmbeddedCloud: EmbeddedCloudFactory = async ({ directory, log, bootNode }) => {
  const runtime = createSandboxRuntime({ report: (error) => log(`runtime: ${error instanceof Error ? error.message : String(error)}`) })

  async function powerOn(instance: BootInstance): Promise<RunningNode> {
    const served = await runtime.serveNode({ name: instance.nodeName, address: instance.nodeIP, socketPath: instance.criSocket })
    try {
      const agent = await bootNode({ ...instance, runtime: served.runtime })
      return {
        async stop() {
          await agent.stop()
          await served.close()
        },
      }
    } catch (error) {
      await served.close()
      throw error
    }
  }

  const cloud = await openCloud({ directory, log, powerOn })
  return {
    config: JSON.stringify({ endpoint: cloud.endpoint, token: cloud.token }),
    podCIDR: cloud.podCIDR,
    nodeCIDR: cloud.nodeCIDR,
    async scaleInstances(count) {
      await cloud.fleet.bootAll()
      const missing = count - cloud.fleet.list().length
      await Promise.all(Array.from({ length: Math.max(0, missing) }, () => cloud.fleet.create({})))
    },
    async close() {
      await cloud.close()
      await runtime.close()
    },
  }
}
