import {
  type Client,
  type Clock,
  createEventRecorder,
  type EventRecorder,
  type Informers,
  type Logger,
  type RunningControllers,
  sharedAbort,
  sleep,
  WorkQueue,
  yieldIfDue,
} from '@treeline/client'
import type { OwnerReference } from '@treeline/machinery'
import { orphanDependents, removeFinalizer } from './dependents.js'
import { examine, NotYet } from './examine.js'
import { Monitors } from './monitors.js'
import { AbsentOwners, type GraphNode, OwnerGraph, orphanFinalizer } from './owner-graph.js'

export interface GarbageCollectorOptions {
  readonly client: Client
  readonly informers: Informers
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

/** Keys worked on at the same time. */
const workers = 20
/** Milliseconds between tries to begin when the server cannot be asked. */
const startRetry = 1000

/** Deletes what has lost all its owners, and lets owners go before, after or without their dependents as was asked for. */
export function startGarbageCollector(options: GarbageCollectorOptions): RunningControllers {
  const { client, informers, clock, random, log } = options
  const abort = sharedAbort()
  const events: EventRecorder & { close(): Promise<void> } = createEventRecorder({
    client,
    component: 'garbage-collector-controller',
    clock,
    random,
    log,
  })
  const toExamine = new WorkQueue(clock)
  const toOrphan = new WorkQueue(clock)
  const absent = new AbsentOwners()
  const invalidReference = (dependent: GraphNode, reference: OwnerReference) => reportInvalid(events, dependent, reference)
  const graph = new OwnerGraph({ examine: (uid) => toExamine.add(uid), orphan: (uid) => toOrphan.add(uid), invalidReference }, absent)
  const monitors = new Monitors({
    client,
    informers,
    clock,
    log,
    observed: (resource, object, old) => graph.observe(resource, object, old),
    removed: (object) => graph.removed(object.metadata.uid ?? ''),
  })
  const examination = {
    graph,
    absent,
    client,
    signal: abort.signal,
    invalidReference,
    mapper: () => monitors.mapper,
    complete: () => monitors.complete,
    examineLater: (uid: string) => toExamine.add(uid),
    seen: ({ resource, identity }: GraphNode) =>
      resource && monitors.seen(resource, identity.namespace ? `${identity.namespace}/${identity.name}` : identity.name),
  }

  async function freeDependents(node: GraphNode): Promise<void> {
    if (!monitors.complete) throw new NotYet('not all kinds of dependents are known yet')
    const patching = { client, signal: abort.signal }
    await orphanDependents(patching, node)
    if (node.resource) await removeFinalizer(patching, node.resource, node, orphanFinalizer)
  }

  async function work(queue: WorkQueue, run: (node: GraphNode) => Promise<void>): Promise<void> {
    for (let uid = await queue.take(); uid !== undefined; uid = await queue.take()) {
      const node = graph.get(uid)
      try {
        if (node) await run(node)
        queue.forget(uid)
      } catch (error) {
        if (!abort.signal.aborted) {
          queue.addRateLimited(uid)
          if (!(error instanceof NotYet)) log.warn('cannot collect', { ...node?.identity, error: String(error) })
        }
      }
      queue.done(uid)
      await yieldIfDue()
    }
  }

  async function begin(): Promise<void> {
    while (!abort.signal.aborted) {
      try {
        await monitors.start(abort.signal)
        return
      } catch (error) {
        if (abort.signal.aborted) return
        log.warn('the garbage collector cannot begin yet', { error: String(error) })
        await sleep(clock, startRetry, abort.signal)
      }
    }
  }

  let working: Promise<void>[] = []
  const ready = begin().then(() => {
    working = [
      ...Array.from({ length: workers }, () => work(toExamine, (node) => examine(examination, node))),
      ...Array.from({ length: workers }, () => work(toOrphan, freeDependents)),
    ]
  })
  return {
    ready,
    get idle() {
      return toExamine.idle && toOrphan.idle
    },
    async stop() {
      toExamine.close()
      toOrphan.close()
      abort.abort()
      await ready
      await Promise.all(working)
      await monitors.close()
      await events.close()
    },
  }
}

function reportInvalid(events: EventRecorder, { identity }: GraphNode, { apiVersion, kind, name, uid }: OwnerReference): void {
  const { namespace } = identity
  const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`
  events.event(identity, 'Warning', 'OwnerRefInvalidNamespace', `ownerRef ${owner} does not exist in namespace "${namespace}"`)
}
