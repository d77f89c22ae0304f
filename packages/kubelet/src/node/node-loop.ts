import type { Node, NodeStatus } from '@treeline/api'
import { type EventRecorder, sleep } from '@treeline/client'
import { rpcText } from '@treeline/cri'
import { nodeKind } from '../kinds.js'
import type { NodeAgent, RuntimeHealth } from '../node-agent.js'
import { nodeConditions } from './conditions.js'
import type { Machine } from './machine.js'
import { nodeStatus, nodeStatusChange } from './node-status.js'

export interface NodeLoopOptions {
  readonly agent: NodeAgent
  readonly machine: Machine
  readonly recorder: EventRecorder
  readonly capacity: Readonly<Record<string, string>>
  readonly externalCloud: boolean
  readonly port: number | undefined
  readonly runtimeVersion: string
  /** Milliseconds. */
  readonly updateFrequency: number
  readonly reportFrequency: number
  /** What else keeps the node from being ready. */
  problems(): readonly string[]
  /** The network or the runtime came up. */
  recovered(): void
}

const firstFrequency = 100
const runtimeGrace = 30_000
const imagesKept = 50
const namesKept = 5
const imageListPeriod = 300_000

/** Keeps the node object telling the truth: conditions, resources, images; and the runtime told of its pod CIDR. */
export class NodeLoop {
  health: RuntimeHealth = {
    runtimeReady: false,
    networkReady: false,
    problems: ['container runtime status check may not have completed yet'],
  }
  #sent: NodeStatus = {}
  #sentAt = Number.NEGATIVE_INFINITY
  #runtimeSeenAt = Number.NEGATIVE_INFINITY
  #toldCidr = ''
  #images: NonNullable<NodeStatus['images']> = []
  #imagesListedAt = Number.NEGATIVE_INFINITY
  #wake = new AbortController()

  constructor(private readonly options: NodeLoopOptions) {}

  /** Looks now instead of at the next turn. */
  wake(): void {
    this.#wake.abort()
  }

  /** Images changed; the next status lists them anew. */
  imagesChanged(): void {
    this.#imagesListedAt = Number.NEGATIVE_INFINITY
  }

  /** Runs until the agent ends. */
  async run(registered: Node): Promise<void> {
    const { agent, updateFrequency } = this.options
    const { signal, log, random } = agent
    this.#sent = registered.status ?? {}
    while (!signal.aborted) {
      this.#wake = new AbortController()
      try {
        await this.#turn()
      } catch (error) {
        if (!signal.aborted) log.warn('cannot update the status of the node', { node: agent.nodeName, error: String(error) })
      }
      const ready = this.health.runtimeReady && this.health.networkReady
      const soon = !ready && this.#sentAt === Number.NEGATIVE_INFINITY
      await sleepUntil(agent, soon ? firstFrequency : updateFrequency * (0.95 + 0.1 * random()), this.#wake.signal)
    }
  }

  async #turn(): Promise<void> {
    const { agent, recovered } = this.options
    const node = agent.host.node(agent.nodeName)
    await this.#tellCidr(node)
    const before = this.health
    this.health = await this.#readHealth()
    if ((this.health.networkReady && !before.networkReady) || (this.health.runtimeReady && !before.runtimeReady)) recovered()
    await this.#report(node)
  }

  async #tellCidr(node: Node | undefined): Promise<void> {
    const { runtime, signal } = this.options.agent
    const podCidr = (node?.spec?.podCIDRs ?? (node?.spec?.podCIDR ? [node.spec.podCIDR] : [])).join(',')
    if (podCidr === '' || podCidr === this.#toldCidr) return
    await runtime.updateRuntimeConfig({ runtimeConfig: { networkConfig: { podCidr } } }, { signal })
    this.#toldCidr = podCidr
  }

  async #readHealth(): Promise<RuntimeHealth> {
    const { runtime, signal, clock } = this.options.agent
    try {
      const { status } = await runtime.status({}, { signal, timeout: 10_000 })
      const find = (type: string) => status?.conditions.find((condition) => condition.type === type)
      const [ready, network] = [find('RuntimeReady'), find('NetworkReady')]
      this.#runtimeSeenAt = clock.now()
      const problems: string[] = []
      if (ready?.status !== true) problems.push(`container runtime not ready: ${conditionText('RuntimeReady', ready)}`)
      if (network?.status !== true) problems.push(`container runtime network not ready: ${conditionText('NetworkReady', network)}`)
      return { runtimeReady: ready?.status === true, networkReady: network?.status === true, problems }
    } catch (error) {
      if (signal.aborted) throw error
      if (clock.now() - this.#runtimeSeenAt < runtimeGrace) return this.health
      return { runtimeReady: false, networkReady: false, problems: ['container runtime is down', rpcText(error)] }
    }
  }

  async #report(node: Node | undefined): Promise<void> {
    const { agent, machine, capacity, externalCloud, port, runtimeVersion, reportFrequency, recorder, problems } = this.options
    const { clock, client, nodeName, signal } = agent
    const now = clock.now()
    const known = node?.status ?? this.#sent
    const verdicts = { memoryPressure: false, diskPressure: false, pidPressure: false, problems: [...this.health.problems, ...problems()] }
    const previous = this.#sent.conditions ?? known.conditions ?? []
    const { conditions, events } = nodeConditions(verdicts, previous, now)
    const status = nodeStatus({
      machine,
      capacity,
      allocatable: agent.nodeAllocatable(),
      nodeIP: agent.hostIPs[0] ?? '',
      nodeName,
      externalCloud,
      port,
      runtimeVersion,
      images: await this.#listImages(),
      conditions,
    })
    const base = this.#sentAt === Number.NEGATIVE_INFINITY ? known : this.#sent
    const change = nodeStatusChange(base, status)
    if (change === undefined && now - this.#sentAt < reportFrequency) return
    const body = { status: { conditions, ...change } }
    await client.patch(nodeKind, { name: nodeName }, { type: 'strategic', body }, { subresource: 'status', signal })
    this.#sent = status
    this.#sentAt = now
    for (const reason of events) {
      recorder.event(reference(nodeName), 'Normal', reason, `Node ${nodeName} status is now: ${reason}`)
    }
  }

  async #listImages(): Promise<NonNullable<NodeStatus['images']>> {
    const { runtime, signal, clock } = this.options.agent
    if (clock.now() - this.#imagesListedAt < imageListPeriod || !this.health.runtimeReady) return this.#images
    const { images } = await runtime.listImages({}, { signal })
    this.#imagesListedAt = clock.now()
    this.#images = images
      .sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : 0))
      .slice(0, imagesKept)
      .map(({ repoDigests, repoTags, size }) => ({ names: [...repoDigests, ...repoTags].slice(0, namesKept), sizeBytes: Number(size) }))
    return this.#images
  }
}

/** Nodes are named by their name where events want a uid: node uids change when a node registers anew. */
export function reference(nodeName: string) {
  return { apiVersion: 'v1', kind: 'Node', name: nodeName, uid: nodeName }
}

function conditionText(type: string, condition: { status: boolean; reason: string; message: string } | undefined): string {
  return `${type}=${condition?.status ?? false} reason:${condition?.reason ?? ''} message:${condition?.message ?? ''}`
}

/** Sleeps until the delay is over, the agent ends, or it is woken. */
async function sleepUntil({ clock, signal }: NodeAgent, delay: number, woken: AbortSignal): Promise<void> {
  const either = new AbortController()
  const stop = () => either.abort()
  if (signal.aborted || woken.aborted) return
  signal.addEventListener('abort', stop, { once: true })
  woken.addEventListener('abort', stop, { once: true })
  await sleep(clock, delay, either.signal)
  signal.removeEventListener('abort', stop)
}
