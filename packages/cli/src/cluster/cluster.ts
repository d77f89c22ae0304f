import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { type Client, createClient, messagePortTransport, type Transport } from '@treeline/client'
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
import { defaultProvider } from './default-provider.js'
import { openLogFile } from './log-file.js'

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
  /** Hears what also goes to `cluster.log`: retries, refusals and failures of components. */
  readonly onWarning?: (message: string) => void
  /** Called when somebody asks the cluster to stop from outside (`treeline down`). */
  readonly onStopRequest?: () => void
}

const masters: LocalUser = { name: 'system:treeline', groups: ['system:masters', 'system:authenticated'] }
const closeGrace = 4_000

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
  const { onProgress = () => undefined, onWarning = () => undefined, nodes = 3 } = options
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
  const logFile = openLogFile(dataDirectory)
  closers.push(async () => logFile.close())
  const warn = (message: string): void => {
    logFile.write(message)
    onWarning(message)
  }

  // both threads and this one load their code at the same time; whoever connects early waits in the port's queue
  const apiServer = startApiServerThread(options, dataDirectory, kubeconfig, closers)
  const connect = (): Transport => {
    const { port1, port2 } = new MessageChannel()
    apiServer.send({ type: 'connect', user: masters, port: port1 }, [port1])
    const transport = messagePortTransport(port2)
    closers.push(async () => transport.close())
    return transport
  }
  const provider = options.cloudProvider ?? defaultProvider
  const cloud =
    nodes === 0 && options.cloudProvider === undefined ? undefined : startCloudThread(provider, dataDirectory, apiServer, closers)
  const opening = cloud?.next('open')
  // whoever waits for it below hears of a failure; until then it is not to end the process
  opening?.catch(() => undefined)
  const loading = import('./control-loops.js')
  const api = await apiServer.next('ready')
  status.url = api.url
  onProgress(`API server at ${api.url}`)

  const log = threadLogger(warn)
  const client = createClient(connect(), { userAgent: 'treeline' })
  await ensureClusterObjects(client)
  const open = await opening
  const { startControlLoops } = await loading
  const loops = startControlLoops(
    { connect, log, authority: api.authority, cloud: open && { provider, config: open.config, podCIDR: open.podCIDR } },
    closers,
  )
  if (cloud) {
    cloud.on((message) => {
      if (message.type === 'log') warn(message.message)
    })
    const booted = cloud.next('scaled')
    cloud.send({ type: 'boot', count: nodes, authority: api.authority, kubeletServing: api.kubeletServing })
    await booted
    onProgress(`${nodes} nodes booted`)
  }
  await loops
  onProgress('controllers, scheduler and cloud controllers are running')
  status.ready = true
  return { kubeconfig, url: api.url, client }
}

function startApiServerThread(
  options: ClusterOptions,
  directory: string,
  kubeconfig: string,
  closers: (() => Promise<void>)[],
): Thread<ToApiServer, FromApiServer> {
  const data: ApiServerThreadOptions = {
    directory,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    store: options.store ?? 'lmdb',
    serviceCIDR: options.serviceCIDR ?? '10.96.0.0/16',
    kubeconfig,
  }
  const thread = startThread<ToApiServer, FromApiServer>(new URL('../threads/apiserver-thread.js', import.meta.url), data)
  closers.push(() => closeThread(thread))
  return thread
}

function startCloudThread(
  provider: string,
  dataDirectory: string,
  apiServer: Thread<ToApiServer, FromApiServer>,
  closers: (() => Promise<void>)[],
): Thread<ToCloud, FromCloud> {
  const { port1, port2 } = new MessageChannel()
  apiServer.send({ type: 'connect', user: masters, port: port1 }, [port1])
  const data: CloudThreadOptions = { provider, directory: join(dataDirectory, 'cloud'), clusterName: 'treeline' }
  const thread = startThread<ToCloud, FromCloud>(new URL('../threads/cloud-thread.js', import.meta.url), { ...data, api: port2 }, [port2])
  closers.push(() => closeThread(thread))
  return thread
}

async function closeThread(thread: Thread<ToApiServer | ToCloud, FromApiServer | FromCloud>): Promise<void> {
  thread.send({ type: 'close' })
  await thread.end(closeGrace)
}

export { DirectoryHeldError }
