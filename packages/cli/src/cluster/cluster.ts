import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { type Client, createClient, type Logger, messagePortTransport, type Transport } from '@treeline/client'
import { startCloudControllers } from '@treeline/cloud-controller-manager'
import { startControllers } from '@treeline/controller-manager'
import { startScheduler } from '@treeline/scheduler'
import { loadProvider } from '../load-provider.js'
import { threadLogger } from '../threads/logger.js'
import type {
  ApiServerThreadOptions,
  CloudThreadOptions,
  FromApiServer,
  FromCloud,
  LocalUser,
  ToApiServer,
  ToCloud,
} from '../threads/messages.js'
import { startThread, type Thread } from '../threads/thread.js'
import { ensureClusterObjects } from './cluster-objects.js'
import { type ClusterStatus, DirectoryHeldError, holdDirectory } from './data-directory.js'

export interface ClusterOptions {
  /** Where the cluster lives. Without one it lives in a temporary directory that goes when it is closed. */
  readonly dataDirectory?: string
  /** Port of the API server; 0, the default, takes a free one. */
  readonly port?: number
  readonly host?: string
  /** Nodes that the embedded cloud boots; 3 by default. */
  readonly nodes?: number
  /** Keeps objects on disk, or, for a test, in memory; `lmdb` by default. */
  readonly store?: 'lmdb' | 'memory'
  readonly cloudProvider?: string
  readonly serviceCIDR?: string
  /** Where to write the kubeconfig; in the data directory by default. */
  readonly kubeconfig?: string
  readonly onProgress?: (message: string) => void
  readonly onWarning?: (message: string) => void
  /** Called when somebody asks the cluster to stop from outside (`treeline down`). */
  readonly onStopRequest?: () => void
}

const masters: LocalUser = { name: 'system:treeline', groups: ['system:masters', 'system:authenticated'] }
const closeGrace = 4_000
/** The provider that `up` uses when none is named; the one place that knows its name. */
export const defaultProvider = 'sandbox'

/**
 * A whole cluster in this process: API server, controllers, scheduler, cloud controllers, and an embedded cloud whose
 * instances are its nodes.
 *
 *     const cluster = await Cluster.start()
 *     await cluster.client.list(Node)
 *     await cluster.close()
 */
export class Cluster {
  /** File that kubectl can be given. */
  readonly kubeconfig: string
  /** `https://host:port` of the API server. */
  readonly url: string
  readonly dataDirectory: string
  /** Acts as `system:masters`. */
  readonly client: Client
  readonly #close: () => Promise<void>
  #closing: Promise<void> | undefined

  private constructor(parts: { kubeconfig: string; url: string; dataDirectory: string; client: Client; close: () => Promise<void> }) {
    this.kubeconfig = parts.kubeconfig
    this.url = parts.url
    this.dataDirectory = parts.dataDirectory
    this.client = parts.client
    this.#close = parts.close
  }

  /** Resolves when the cluster answers and its controllers run. Throws DirectoryHeldError when another process has the directory. */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const temporary = options.dataDirectory === undefined
    const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'treeline-')))
    const closers: (() => Promise<void>)[] = []
    if (temporary) closers.push(() => rm(dataDirectory, { recursive: true, force: true }))
    const closeAll = async (): Promise<void> => {
      for (const close of closers.reverse().splice(0)) await close()
    }
    try {
      return new Cluster({ ...(await startParts(options, dataDirectory, closers)), dataDirectory, close: closeAll })
    } catch (error) {
      await closeAll()
      throw error
    }
  }

  /** Stops everything, last started first; resolves when no socket, listener or file is left open. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }
}

async function startParts(
  options: ClusterOptions,
  dataDirectory: string,
  closers: (() => Promise<void>)[],
): Promise<{ kubeconfig: string; url: string; client: Client }> {
  const { onProgress = () => undefined, onWarning = () => undefined } = options
  const kubeconfig = options.kubeconfig ?? join(dataDirectory, 'kubeconfig')
  const status: { -readonly [K in keyof ClusterStatus]: ClusterStatus[K] } = {
    pid: process.pid,
    url: '',
    kubeconfig,
    startedAt: new Date().toISOString(),
    ready: false,
  }
  const held = await holdDirectory(dataDirectory, { status: () => status, stop: () => options.onStopRequest?.() })
  closers.push(() => held.release())

  const apiServer = startThread<ToApiServer, FromApiServer>(new URL('../threads/apiserver-thread.js', import.meta.url), {
    directory: dataDirectory,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    store: options.store ?? 'lmdb',
    serviceCIDR: options.serviceCIDR ?? '10.96.0.0/16',
    kubeconfig,
  } satisfies ApiServerThreadOptions)
  closers.push(() => closeThread(apiServer))
  const api = await apiServer.next('ready')
  status.url = api.url
  onProgress(`API server at ${api.url}`)

  const log = threadLogger(onWarning)
  const connect = (user: LocalUser): Transport => {
    const { port1, port2 } = new MessageChannel()
    apiServer.send({ type: 'connect', user, port: port1 }, [port1])
    const transport = messagePortTransport(port2)
    closers.push(async () => transport.close())
    return transport
  }
  const client = createClient(connect(masters), { userAgent: 'treeline' })
  await ensureClusterObjects(client)

  const cloud =
    (options.nodes ?? 3) === 0 && options.cloudProvider === undefined
      ? undefined
      : await startCloud(options, dataDirectory, api, apiServer, closers)
  await startControlLoops({
    client,
    connect,
    log,
    authority: api.authority,
    cloud,
    provider: options.cloudProvider ?? defaultProvider,
    closers,
  })
  onProgress('controllers, scheduler and cloud controllers are running')
  if (cloud) {
    cloud.thread.on((message) => {
      if (message.type === 'log') onWarning(message.message)
    })
    cloud.thread.send({ type: 'scale', count: options.nodes ?? 3 })
    await cloud.thread.next('scaled')
    onProgress(`${options.nodes ?? 3} nodes booted`)
  }
  status.ready = true
  return { kubeconfig, url: api.url, client }
}

interface RunningCloud {
  readonly thread: Thread<ToCloud, FromCloud>
  readonly config: string
  readonly podCIDR: string
}

async function startCloud(
  options: ClusterOptions,
  dataDirectory: string,
  api: Extract<FromApiServer, { type: 'ready' }>,
  apiServer: Thread<ToApiServer, FromApiServer>,
  closers: (() => Promise<void>)[],
): Promise<RunningCloud> {
  const { port1, port2 } = new MessageChannel()
  apiServer.send({ type: 'connect', user: masters, port: port1 }, [port1])
  const data: CloudThreadOptions = {
    provider: options.cloudProvider ?? defaultProvider,
    directory: join(dataDirectory, 'cloud'),
    clusterName: 'treeline',
    authority: api.authority,
    kubeletServing: api.kubeletServing,
  }
  const thread = startThread<ToCloud, FromCloud>(new URL('../threads/cloud-thread.js', import.meta.url), { ...data, api: port2 }, [port2])
  closers.push(() => closeThread(thread))
  const { config, podCIDR } = await thread.next('open')
  return { thread, config, podCIDR }
}

async function closeThread(thread: Thread<ToApiServer | ToCloud, FromApiServer | FromCloud>): Promise<void> {
  thread.send({ type: 'close' })
  await thread.end(closeGrace)
}

interface ControlLoops {
  readonly client: Client
  readonly connect: (user: LocalUser) => Transport
  readonly log: Logger
  readonly authority: string
  readonly cloud: RunningCloud | undefined
  readonly provider: string
  readonly closers: (() => Promise<void>)[]
}

async function startControlLoops({ connect, log, authority, cloud, provider, closers }: ControlLoops): Promise<void> {
  const clientFor = (name: string): Client => createClient(connect({ name: masters.name, groups: masters.groups }), { userAgent: name })
  const controllers = startControllers(clientFor('kube-controller-manager'), {
    rootCertificateAuthority: authority,
    ...(cloud ? { nodeIpam: { clusterCidrs: [cloud.podCIDR] } } : {}),
    log,
  })
  closers.push(() => controllers.stop())
  const scheduler = startScheduler({ client: clientFor('kube-scheduler'), log })
  closers.push(() => scheduler.stop())
  const running: Promise<void>[] = [controllers.ready, scheduler.ready]
  if (cloud) {
    const { createCloudProvider } = await loadProvider(provider)
    if (!createCloudProvider) throw new Error(`package of cloud provider ${provider} exports no createCloudProvider`)
    const cloudProvider = await createCloudProvider({ config: cloud.config, clusterName: 'treeline', log: (message) => log.warn(message) })
    closers.push(() => cloudProvider.close())
    const cloudControllers = startCloudControllers(clientFor('cloud-controller-manager'), {
      cloud: cloudProvider,
      clusterCIDRs: [cloud.podCIDR],
      log,
    })
    closers.push(() => cloudControllers.stop())
    running.push(cloudControllers.ready)
  }
  await Promise.all(running)
}

export { DirectoryHeldError }
