// The API server and its store, in a thread of their own: a controller that spins delays no request.
import { join } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { nodeServingLeaf, startClusterServer, unicastAndLoopbackNetwork, writeKubeconfig } from '@treeline/apiserver'
import { openLmdbStore, openMemoryStore } from '@treeline/storage'
import { admin, adminToken } from '../cluster/admin-token.js'
import type { ApiServerThreadOptions, FromApiServer, ToApiServer } from './messages.js'

const parent = parentPort as MessagePort
const options = workerData as ApiServerThreadOptions
const say = (message: FromApiServer): void => parent.postMessage(message)

async function run(): Promise<void> {
  const early: Extract<ToApiServer, { type: 'connect' }>[] = []
  const queue = (message: ToApiServer): void => {
    if (message.type === 'connect') early.push(message)
    // told to stop before there is anything to stop; ends this thread, not the process
    else process.exit(0)
  }
  parent.on('message', queue)

  const store = options.store === 'memory' ? openMemoryStore() : await openLmdbStore({ directory: join(options.directory, 'store') })
  const token = await adminToken(options.directory)
  const server = await startClusterServer({
    store,
    tokens: new Map([[token, admin]]),
    directory: options.directory,
    host: options.host,
    port: options.port,
    serviceCIDR: options.serviceCIDR,
    issuer: 'https://kubernetes.default.svc',
    // Where pods live without a network of their own.
    mayReach: unicastAndLoopbackNetwork,
  })
  await writeKubeconfig(options.kubeconfig, {
    clusterName: 'treeline',
    server: server.url,
    authority: server.pki.authority.certificate,
    user: admin.name,
    credential: { token },
  })
  const serving = await server.pki.leaf('kubelet', nodeServingLeaf('nodes', ['127.0.0.1']))
  await server.ready

  parent.off('message', queue)
  for (const { port, user } of early) server.servePort(port, user)
  parent.on('message', async (message: ToApiServer) => {
    if (message.type === 'connect') {
      server.servePort(message.port, message.user)
      return
    }
    try {
      await server.close()
      await store.close()
      say({ type: 'closed' })
    } catch (error) {
      say({ type: 'failed', message: `stopping the API server: ${messageOf(error)}` })
    }
    parent.close()
  })
  say({
    type: 'ready',
    url: server.url,
    authority: server.pki.authority.certificate,
    kubeletServing: { key: serving.privateKey, cert: serving.certificate },
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

run().catch((error: unknown) => {
  say({ type: 'failed', message: messageOf(error) })
  // ends this thread, not the process
  process.exit(1)
})
