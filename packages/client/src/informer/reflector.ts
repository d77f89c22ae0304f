import { isStatusError, type KubernetesObject } from '@treeline/machinery'
import type { Client, ListOptions, ResourceKind } from '../client.js'
import { Backoff, reflectorBackoff } from '../time/backoff.js'
import { type Clock, sleep } from '../time/clock.js'
import { TransportError } from '../transport.js'
import { keyOf } from './indexed-store.js'

/** Restricts an informer to a part of its kind. */
export interface InformerScope {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly metadataOnly?: boolean
}

/** Where a reflector delivers: one replacement at the start and after lost history, then single changes. */
export interface ReflectorSink<T> {
  replace(objects: Iterable<T>): void
  set(object: T): void
  delete(key: string): void
}

export interface ReflectorOptions<T extends KubernetesObject> {
  readonly client: Client
  readonly kind: ResourceKind<T>
  readonly scope: InformerScope
  readonly sink: ReflectorSink<T>
  readonly clock: Clock
  readonly random: () => number
  /** Counts failures to reach the server at all, for all reflectors of a process together. */
  readonly connectionBackoff: Backoff
  readonly failed: (error: unknown) => void
}

const pageSize = 500
/** Watches end on their own after 5 to 10 minutes, as upstream's do, so that load spreads after a fail-over. */
const shortestWatch = 300
/** A watch that ends sooner than this without an event is a failure, in milliseconds. */
const shortLife = 1000

/** Keeps a sink equal to what the server has of a kind, until the signal aborts. Failures are reported and retried. */
export async function reflect<T extends KubernetesObject>(options: ReflectorOptions<T>, signal: AbortSignal): Promise<void> {
  const { client, kind, scope, sink, clock, random } = options
  const own = new Backoff(reflectorBackoff, clock, random)
  let resourceVersion: string | undefined
  let watchListWorks = true

  /** One watch. With `initial`, its first events are the state of the world, ended by a bookmark. */
  async function stream(initial: Map<string, T> | undefined): Promise<void> {
    const watch = client.watch(kind, {
      ...scope,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.ceil(shortestWatch * (1 + random())),
      signal,
      ...(initial ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } : { resourceVersion }),
    })
    let collecting = initial
    const began = clock.now()
    const before = resourceVersion
    for await (const event of watch) {
      if (event.type === 'BOOKMARK') {
        if (collecting && !event.initialEventsEnd) continue
        if (collecting) sink.replace(collecting.values())
        collecting = undefined
        resourceVersion = event.resourceVersion
        succeeded()
        continue
      }
      const { object } = event
      const key = keyOf(object)
      if (collecting) {
        if (event.type === 'DELETED') collecting.delete(key)
        else collecting.set(key, object)
        continue
      }
      if (event.type === 'DELETED') sink.delete(key)
      else sink.set(object)
      resourceVersion = object.metadata.resourceVersion
    }
    if (signal.aborted) return
    if (collecting) throw new TransportError('protocol', 'the watch ended before the initial events did')
    if (resourceVersion === before && clock.now() - began < shortLife) throw new TransportError('protocol', 'the watch ended at once')
  }

  async function listAll(): Promise<void> {
    const objects: T[] = []
    let next: string | undefined
    do {
      const query: ListOptions = { ...scope, limit: pageSize, continue: next, signal }
      const page = await client.list(kind, query)
      for (const item of page.items) objects.push(item)
      resourceVersion = page.resourceVersion
      next = page.continue
    } while (next)
    sink.replace(objects)
    succeeded()
  }

  function succeeded(): void {
    own.succeeded()
    options.connectionBackoff.succeeded()
  }

  while (!signal.aborted) {
    try {
      if (resourceVersion !== undefined) await stream(undefined)
      else if (watchListWorks) await stream(new Map())
      else await listAll()
    } catch (error) {
      if (signal.aborted) return
      if (isStatusError(error, 'Expired', 'Gone') || versionTooLarge(error)) {
        resourceVersion = undefined
        continue
      }
      if (resourceVersion === undefined && watchListWorks && isStatusError(error, 'Invalid', 'BadRequest')) {
        watchListWorks = false
        continue
      }
      options.failed(error)
      const backoff = error instanceof TransportError ? options.connectionBackoff : own
      await sleep(clock, backoff.next(), signal)
    }
  }
}

/** The server is behind the version asked for: it was restored from an older state. */
function versionTooLarge(error: unknown): boolean {
  return isStatusError(error, 'Timeout') && error.details?.causes?.some((cause) => cause.reason === 'ResourceVersionTooLarge') === true
}
