// The embedded cloud with its load balancers, and the node agents and service proxy of its instances.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { createClient, messagePortTransport } from '@treeline/client'
import type { BootInstance, EmbeddedCloud, RunningNode } from '@treeline/cloud-provider'
import { KubeletHost, startKubelet } from '@treeline/kubelet'
import { startServiceProxy } from '@treeline/service-proxy'
import { loadProvider } from '../load-provider.js'
import { threadLogger } from './logger.js'
import type { CloudThreadOptions, FromCloud, ToCloud } from './messages.js'

const parent = parentPort as MessagePort
const { api, ...options } = workerData as CloudThreadOptions & { readonly api: MessagePort }
const say = (message: FromCloud): void => parent.postMessage(message)
const log = threadLogger((message) => say({ type: 'log', message }))

async function run(): Promise<void> {
  const provider = await loadProvider(options.provider)
  if (!provider.createEmbeddedCloud) throw new Error(`cloud provider ${options.provider} brings no embedded cloud`)
  const client = createClient(messagePortTransport(api), { userAgent: 'kubelet' })
  const host = new KubeletHost({ client, log })
  let serving: Extract<ToCloud, { type: 'boot' }> | undefined
  const proxy = startServiceProxy(client.as('service-proxy'), (message) => log.warn(message))

  async function bootNode(instance: BootInstance): Promise<RunningNode> {
    if (!serving) throw new Error('an instance boots before it is known what its agent serves with')
    const kubelet = await startKubelet({
      nodeName: instance.nodeName,
      nodeIP: instance.nodeIP,
      criSocket: instance.criSocket,
      ...(instance.runtime && { runtime: instance.runtime }),
      rootDirectory: instance.directory,
      capacity: {
        cpu: instance.capacity.cpu,
        memory: instance.capacity.memory,
        pods: instance.capacity.pods,
        'ephemeral-storage': instance.capacity.ephemeralStorage,
      },
      maxPods: Number(instance.capacity.pods),
      client,
      host,
      cloudProvider: 'external',
      certificates: { serving: serving.kubeletServing, clientCA: serving.authority },
      authorization: 'webhook',
      log,
    })
    const proxied = proxy.addNode(instance.nodeName, instance.nodeIP)
    return {
      async stop() {
        await proxied.close()
        await kubelet.close()
      },
    }
  }

  const cloud: EmbeddedCloud = await provider.createEmbeddedCloud({
    directory: options.directory,
    clusterName: options.clusterName,
    log: (message) => log.warn(message),
    bootNode,
  })
  parent.on('message', async (message: ToCloud) => {
    try {
      if (message.type === 'boot') {
        serving = message
        await cloud.scaleInstances(message.count)
        say({ type: 'scaled', count: message.count })
        return
      }
      await cloud.close()
      await proxy.close()
      await host.close()
      say({ type: 'closed' })
      api.close()
      parent.close()
    } catch (error) {
      say({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
  })
  say({ type: 'open', config: cloud.config, podCIDR: cloud.podCIDR, nodeCIDR: cloud.nodeCIDR })
}

run().catch((error: unknown) => {
  say({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  // ends this thread, not the process
  process.exit(1)
})
