import type { ConfigMap, Node, Pod, RuntimeClass, Secret, Service } from '@treeline/api'
import {
  type Client,
  type Clock,
  type Informer,
  type InformerScope,
  Informers,
  type Logger,
  silentLogger,
  systemClock,
} from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { configMapKind, nodeKind, podKind, runtimeClassKind, secretKind, serviceKind } from './kinds.js'
import { Limit } from './limit.js'
import { EndpointServer } from './server/endpoint-server.js'
import { WatchedObjects } from './sources/watched-objects.js'

export interface KubeletHostOptions {
  readonly client: Client
  /** Watches the pods of this node alone, as an agent with a node's identity must. Absent: of all nodes at once. */
  readonly nodeName?: string
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
}

/** A pod of a node appeared, changed, or left it. */
export type PodChange = { readonly type: 'changed' | 'deleted'; readonly pod: Pod }

/** Status writes under way at a time, over all nodes of the process. */
const statusWrites = 32
const probesAtOnce = 256

const byNode = (pod: Pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : [])

/**
 * What the agents of one process share: one watch of pods, of nodes and of services, one HTTPS implementation, and the
 * limits on what is under way. A thousand nodes cost one set of watches.
 */
export class KubeletHost {
  readonly configMaps: WatchedObjects<ConfigMap>
  readonly secrets: WatchedObjects<Secret>
  readonly statusLimit = new Limit(statusWrites)
  readonly probeLimit = new Limit(probesAtOnce)
  readonly server = new EndpointServer()
  readonly #client: Client
  readonly #informers: Informers
  readonly #pods: Informer<Pod>
  readonly #nodes: Informer<Node>
  readonly #services: Informer<Service>
  readonly #podHandlers = new Map<string, (change: PodChange) => void>()
  readonly #nodeHandlers = new Map<string, (node: Node) => void>()

  constructor(options: KubeletHostOptions) {
    const { client, nodeName, clock = systemClock, random = Math.random, log = silentLogger } = options
    this.#client = client
    this.#informers = new Informers(client, { clock, random, log })
    this.#pods = this.#informers.informer(podKind, podScope(nodeName))
    this.#nodes = this.#informers.informer(nodeKind, nodeName === undefined ? {} : { fieldSelector: `metadata.name=${nodeName}` })
    this.#services = this.#informers.informer(serviceKind, { fieldSelector: 'spec.clusterIP!=None' })
    this.#pods.addIndex('node', byNode)
    this.configMaps = new WatchedObjects(client, configMapKind, log)
    this.secrets = new WatchedObjects(client, secretKind, log)
    this.#pods.subscribe(({ type, object }) => {
      const node = object.spec?.nodeName
      if (node) this.#podHandlers.get(node)?.({ type: type === 'deleted' ? 'deleted' : 'changed', pod: object })
    })
    this.#nodes.subscribe(({ type, object }) => {
      if (type !== 'deleted') this.#nodeHandlers.get(object.metadata.name ?? '')?.(object)
    })
  }

  /** Resolves when the first lists of pods and nodes are there. */
  async whenSynced(): Promise<void> {
    await Promise.all([this.#pods.whenSynced(), this.#nodes.whenSynced()])
  }

  /** Delivers the pods of a node, those already there first. The function returned ends it. */
  subscribePods(nodeName: string, handler: (change: PodChange) => void): () => void {
    this.#podHandlers.set(nodeName, handler)
    for (const pod of this.#pods.byIndex('node', nodeName)) handler({ type: 'changed', pod })
    return () => this.#podHandlers.delete(nodeName)
  }

  subscribeNode(nodeName: string, handler: (node: Node) => void): () => void {
    this.#nodeHandlers.set(nodeName, handler)
    const node = this.#nodes.get(nodeName)
    if (node !== undefined) handler(node)
    return () => this.#nodeHandlers.delete(nodeName)
  }

  node(name: string): Node | undefined {
    return this.#nodes.get(name)
  }

  podsOf(nodeName: string): readonly Pod[] {
    return this.#pods.byIndex('node', nodeName)
  }

  /** Services that a pod of this namespace may be told of: its own and those of `default`. */
  async servicesFor(namespace: string, signal: AbortSignal): Promise<Service[]> {
    if (!this.#services.synced) await this.#services.whenSynced()
    signal.throwIfAborted()
    const kubernetes = this.#services.get('default/kubernetes')
    return [...this.#services.list(namespace), ...(kubernetes === undefined ? [] : [kubernetes])]
  }

  /** The handler that a runtime class stands for. Throws when there is no such class. */
  async runtimeHandler(className: string | undefined, signal: AbortSignal): Promise<string> {
    if (className === undefined) return ''
    try {
      const found: RuntimeClass = await this.#client.get(runtimeClassKind, { name: className }, { signal })
      return found.handler
    } catch (error) {
      if (isNotFound(error)) throw new Error(`RuntimeClass "${className}" not found`, { cause: error })
      throw error
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#informers.close(), this.configMaps.close(), this.secrets.close(), this.server.close()])
  }
}

function podScope(nodeName: string | undefined): InformerScope {
  return { fieldSelector: nodeName === undefined ? 'spec.nodeName!=' : `spec.nodeName=${nodeName}` }
}
