import type { Event, ObjectReference } from '@treeline/api'
import {
  formatTime,
  isAlreadyExists,
  isNotFound,
  isStatusError,
  type KubernetesObject,
  type StatusError,
  statusCauseOf,
} from '@treeline/machinery'
import type { Client, ResourceKind } from '../client.js'
import type { EventOptions, EventRecorder, Logger, Regarding } from '../controller.js'
import { silentLogger } from '../runtime/logger.js'
import { sharedAbort } from '../time/abort.js'
import { type Clock, sleep, systemClock } from '../time/clock.js'
import { EventCorrelator } from './event-correlator.js'

export interface EventRecorderOptions {
  readonly client: Client
  /** `source.component` and `reportingComponent`. */
  readonly component: string
  /** `source.host` and `reportingInstance`, for agents of a node. */
  readonly host?: string
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
}

/** A recorder with a queue of its own. */
export interface OwnedEventRecorder extends EventRecorder {
  /** Posts what is queued, for at most a second, then drops the rest. */
  close(): Promise<void>
}

/** Events waiting to be posted; more are dropped. */
const queueLimit = 1000
/** Tries to post one event when the server cannot be reached, and the time between them in milliseconds. */
const triesPerEvent = 12
const retryInterval = 10_000
const closeGrace = 1000

const eventKind: ResourceKind<Event> = { group: '', version: 'v1', kind: 'Event', plural: 'events', scope: 'Namespaced' }

/** Posts core v1 Events in the background, one at a time, in order. */
export function createEventRecorder(options: EventRecorderOptions): OwnedEventRecorder {
  const { client, component, host, clock = systemClock, random = Math.random, log = silentLogger } = options
  const correlator = new EventCorrelator(clock)
  const queue: Event[] = []
  const abort = sharedAbort()
  let posting: Promise<void> | undefined
  let dropped = 0

  async function drain(): Promise<void> {
    for (let event = queue.shift(); event && !abort.signal.aborted; event = queue.shift()) await post(event)
    posting = undefined
  }

  async function post(event: Event): Promise<void> {
    const correlation = correlator.correlate(event)
    if (correlation.action === 'drop') return
    for (let attempt = 1; attempt <= triesPerEvent; attempt++) {
      try {
        correlator.accepted(correlation.key, await send(correlation.action, correlation.event))
        return
      } catch (error) {
        if (isStatusError(error)) return rejected(event, error)
        if (abort.signal.aborted) return
        await sleep(clock, attempt === 1 ? retryInterval * random() : retryInterval, abort.signal)
      }
    }
    log.error('an event could not be posted', { event: describe(event) })
  }

  async function send(action: 'create' | 'patch', event: Event): Promise<Event> {
    const { signal } = abort
    if (action === 'patch') {
      const { namespace, name = '' } = event.metadata
      const body = { count: event.count, lastTimestamp: event.lastTimestamp, message: event.message }
      try {
        return await client.patch(eventKind, { namespace, name }, { type: 'strategic', body }, { signal })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    const { resourceVersion: _, ...metadata } = event.metadata
    return client.create(eventKind, { ...event, metadata }, { signal })
  }

  function rejected(event: Event, error: StatusError): void {
    const { message } = error
    if (isAlreadyExists(error) || statusCauseOf(error, 'NamespaceTerminating')) return
    log.warn('the server rejected an event', { event: describe(event), error: message })
  }

  return {
    event(regarding, type, reason, message, eventOptions) {
      if (abort.signal.aborted) return
      if (queue.length >= queueLimit) {
        dropped++
        if (dropped % queueLimit === 1) log.warn('events are dropped: too many are waiting', { component, dropped })
        return
      }
      queue.push(newEvent(regarding, type, reason, message, eventOptions))
      posting ??= Promise.resolve().then(drain)
    },
    async close() {
      const cancel = clock.after(closeGrace, () => abort.abort())
      await posting
      cancel()
      abort.abort()
    },
  }

  function newEvent(regarding: Regarding, type: string, reason: string, message: string, extra: EventOptions = {}): Event {
    const involvedObject = referenceTo(regarding, extra.fieldPath)
    const now = clock.now()
    const timestamp = formatTime(new Date(now))
    const source = { component, ...(host !== undefined && { host }) }
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${involvedObject.name ?? ''}.${nameSuffix(now, random)}`,
        namespace: involvedObject.namespace || 'default',
        ...(extra.annotations && { annotations: { ...extra.annotations } }),
      },
      involvedObject,
      reason,
      message,
      source,
      firstTimestamp: timestamp,
      lastTimestamp: timestamp,
      count: 1,
      type,
      reportingComponent: component,
      reportingInstance: host ?? '',
    }
  }
}

/** Nanoseconds since 1970 in hexadecimal; those below a millisecond are random. */
function nameSuffix(now: number, random: () => number): string {
  return (BigInt(Math.floor(now)) * 1_000_000n + BigInt(Math.floor(random() * 1_000_000))).toString(16)
}

/** The reference an event or another object makes to an object. */
export function referenceTo(regarding: Regarding, fieldPath?: string): ObjectReference {
  const identity = 'metadata' in regarding ? { ...regarding.metadata, ...typeOf(regarding) } : regarding
  const { kind, namespace, name, uid, apiVersion, resourceVersion } = identity
  return {
    ...(kind && { kind }),
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(uid && { uid }),
    ...(apiVersion && { apiVersion }),
    ...(resourceVersion && { resourceVersion }),
    ...(fieldPath && { fieldPath }),
  }
}

const typeOf = ({ kind, apiVersion }: KubernetesObject) => ({ kind, apiVersion })

function describe({ involvedObject: { kind, namespace, name }, reason, message }: Event): object {
  return { kind, namespace, name, reason, message }
}
