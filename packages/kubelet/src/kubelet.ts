import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createEventRecorder, sharedAbort, silentLogger, systemClock } from '@treeline/client'
import { connectRuntime, isUnimplemented, type Runtime } from '@treeline/cri'
import { Quantity } from '@treeline/machinery'
import { admitPod } from './admission/admit-pod.js'
import { podEvents } from './events.js'
import { ImagePuller } from './images/image-puller.js'
import { KubeletHost } from './kubelet-host.js'
import { Limit } from './limit.js'
import { keepLease } from './node/lease.js'
import { readMachine } from './node/machine.js'
import { NodeLoop, reference } from './node/node-loop.js'
import { nodeAnnotations, nodeLabels, nodeStatus } from './node/node-status.js'
import { newNode, registerNode } from './node/register-node.js'
import { nodeAllocatable, nodeCapacity } from './node/resources.js'
import type { NodeAgent } from './node-agent.js'
import type { KubeletOptions } from './options.js'
import { PodWorkers } from './pods/pod-workers.js'
import { Prober } from './probes/prober.js'
import type { CgroupDriver } from './resources/cgroup-parent.js'
import { BackOff } from './runtime/back-off.js'
import { RuntimeCache } from './runtime/runtime-cache.js'
import { RuntimeWatch } from './runtime/runtime-watch.js'
import type { ListeningEndpoint } from './server/endpoint-server.js'
import { nodeEndpoint } from './server/node-endpoint.js'
import { StatusWriter } from './status/status-writer.js'
import { ServiceAccountTokens } from './volumes/service-account-tokens.js'
import { WrittenVolumes } from './volumes/written-volumes.js'

/** A running node agent. */
export interface Kubelet {
  readonly nodeName: string
  /** Port of the HTTPS endpoints; undefined without certificates. */
  readonly port: number | undefined
  /** Resolves when the node is registered. Rejects when the agent is closed before. */
  readonly registered: Promise<void>
  /** Stops the agent. Pods run on. */
  close(): Promise<void>
}

const crashInitial = 10_000
const parallelPulls = 5

/**
 * Starts the agent of one node: it registers the node, keeps its lease and status, and makes the runtime run the pods
 * that are bound to it. Resolves when the runtime answers and the endpoints listen; rejects when they cannot.
 */
export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { nodeName, client, clock = systemClock, random = Math.random, log = silentLogger } = options
  const podsDirectory = join(options.rootDirectory, 'pods')
  await mkdir(podsDirectory, { recursive: true, mode: 0o750 })
  const host = options.host ?? new KubeletHost({ client, nodeName, clock, random, log })
  const runtime = options.runtime ?? connectRuntime(options.criSocket)
  const abort = sharedAbort()
  const { signal } = abort
  const version = await runtime.version({}, { timeout: 30_000 })
  const machine = await readMachine(options.rootDirectory)
  const capacity = nodeCapacity(machine, options.maxPods ?? 110, options.capacity ?? {})
  const allocatable = nodeAllocatable(capacity, options.reserved ?? {})
  const recorder = createEventRecorder({ client, component: 'kubelet', host: nodeName, clock, random, log })
  const events = podEvents(recorder)
  const cache = new RuntimeCache(runtime)
  const endpoint = options.podEndpoint ?? ((address: string, port: number) => ({ host: address, port }))
  const startedAt = clock.now()
  const syncFrequency = options.syncFrequency ?? 60_000

  const agent: NodeAgent = {
    nodeName,
    client,
    host,
    runtime,
    runtimeName: version.runtimeName,
    cache,
    statuses: new StatusWriter({ client, clock, log, limit: host.statusLimit, signal }),
    images: new ImagePuller({ runtime, clock, events, signal, limit: new Limit(parallelPulls), pulled: () => loop.imagesChanged() }),
    prober: new Prober({
      runtime,
      events,
      clock,
      random,
      endpoint,
      limit: host.probeLimit,
      signal,
      startedAt,
      changed: (uid) => workers.probed(uid),
    }),
    tokens: new ServiceAccountTokens(client, clock, random),
    written: new WrittenVolumes(clock, syncFrequency),
    events,
    crashes: new BackOff(crashInitial, options.maxContainerRestartPeriod ?? 300_000),
    podsDirectory,
    logsDirectory: options.podLogsDirectory ?? join(options.rootDirectory, 'logs'),
    cgroupDriver: await cgroupDriver(runtime),
    security: { seccompDirectory: join(options.rootDirectory, 'seccomp'), seccompDefault: false },
    dns: { servers: [], domain: 'cluster.local', resolvConf: '/etc/resolv.conf', ...options.dns },
    endpoint,
    syncFrequency,
    clock,
    random,
    log,
    signal,
    hostIPs: [options.nodeIP],
    nodeMemory: Quantity.parse(capacity['memory'] ?? '0').value(),
    nodeAllocatable: () => allocatable,
    health: () => loop.health,
    admit: (pod) =>
      admitPod(pod, { node: host.node(nodeName), others: workers.active(), allocatable, operatingSystem: machine.operatingSystem }),
  }
  const workers = new PodWorkers(agent)
  const listening = await listen(options, agent, workers)
  const externalCloud = options.cloudProvider === 'external'
  let watch: RuntimeWatch | undefined
  const loop = new NodeLoop({
    agent,
    machine,
    recorder,
    capacity,
    externalCloud,
    port: listening?.port,
    runtimeVersion: `${version.runtimeName}://${version.runtimeVersion}`,
    updateFrequency: options.nodeStatusUpdateFrequency ?? 10_000,
    reportFrequency: options.nodeStatusReportFrequency ?? 300_000,
    problems: () => [watch?.problem() ?? []].flat(),
    recovered: () => workers.wakeAll(),
  })

  const unsubscribe: (() => void)[] = []
  const registered = register()
  const running = run()
  running.catch((error: unknown) => {
    if (!signal.aborted) log.error('the node agent failed', { node: nodeName, error: String(error) })
  })

  return {
    nodeName,
    port: listening?.port,
    registered: registered.then(() => undefined),
    async close() {
      abort.abort(new Error('the node agent is stopping'))
      for (const end of unsubscribe) end()
      await Promise.allSettled([running, workers.close(), listening?.close()])
      await recorder.close()
      runtime.close()
      if (options.host === undefined) await host.close()
    },
  }

  async function register() {
    const labels = nodeLabels(nodeName, machine, options.nodeLabels ?? {})
    const annotations = nodeAnnotations(undefined, options.nodeIP, externalCloud)
    const status = nodeStatus({
      machine,
      capacity,
      allocatable,
      nodeIP: options.nodeIP,
      nodeName,
      externalCloud,
      port: listening?.port,
      runtimeVersion: `${version.runtimeName}://${version.runtimeVersion}`,
      images: [],
      conditions: [],
    })
    const node = newNode(
      nodeName,
      labels,
      annotations,
      { externalCloud, taints: options.taints ?? [], providerID: options.providerID },
      status,
    )
    return registerNode({ node, client, clock, log, signal })
  }

  async function run(): Promise<void> {
    recorder.event(reference(nodeName), 'Normal', 'Starting', 'Starting kubelet.')
    const node = await registered
    let uid = node.metadata.uid
    const lease = keepLease({
      client,
      clock,
      random,
      log,
      signal,
      nodeName,
      durationSeconds: options.nodeLeaseDurationSeconds ?? 40,
      nodeUid: () => uid,
    })
    unsubscribe.push(
      host.subscribeNode(nodeName, (changed) => {
        uid = changed.metadata.uid
        loop.wake()
      }),
    )
    const status = loop.run(node)
    await host.whenSynced()
    signal.throwIfAborted()
    await cache.list(signal)
    unsubscribe.push(host.subscribePods(nodeName, (change) => workers.handle(change)))
    const orphans = workers.removeOrphans()
    watch = new RuntimeWatch({
      runtime,
      cache,
      clock,
      log,
      signal,
      relistPeriod: options.relistPeriod ?? 1_000,
      changed: (uid) => workers.runtimeChanged(uid),
    })
    await Promise.all([lease, status, watch.whenDone(), orphans])
  }
}

async function listen(options: KubeletOptions, agent: NodeAgent, workers: PodWorkers): Promise<ListeningEndpoint | undefined> {
  const { certificates, nodeIP, port = 10_250, authorization = 'webhook' } = options
  if (certificates === undefined) return undefined
  return agent.host.server.listen({ host: nodeIP, port, ...certificates }, nodeEndpoint(agent, workers, authorization))
}

/** Runtimes that cannot say are told cgroupfs, which is what they use by default. */
async function cgroupDriver(runtime: Runtime): Promise<CgroupDriver> {
  try {
    const { linux } = await runtime.runtimeConfig({}, { timeout: 10_000 })
    return linux?.cgroupDriver === 0 ? 'systemd' : 'cgroupfs'
  } catch (error) {
    if (isUnimplemented(error)) return 'cgroupfs'
    throw error
  }
}
