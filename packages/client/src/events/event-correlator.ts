import type { Event } from '@treeline/api'
import type { Clock } from '../time/clock.js'
import { LruMap } from './lru-map.js'

/** What to do with an event: post it, count it on one posted before, or nothing. */
export type Correlation =
  | { readonly action: 'create'; readonly event: Event; readonly key: string }
  | { readonly action: 'patch'; readonly event: Event; readonly key: string }
  | { readonly action: 'drop' }

/** Similar events (all but the message) of one object after which they are combined, and the time that must pass to start anew. */
const similarLimit = 10
const similarWindow = 600_000
/** Events one source may post about one object at once, and the time after which it may post one more. */
const spamBurst = 25
const spamInterval = 300_000
const cacheSize = 4096

interface Similar {
  readonly messages: Set<string>
  last: number
}
interface Posted {
  readonly count: number
  readonly firstTimestamp: string | undefined
  readonly name: string | undefined
  readonly resourceVersion: string | undefined
}

/**
 * Combines and counts events as upstream's correlator: equal events raise the count of the first one, from the tenth
 * similar one on they become one, and a source that says too much about an object is silenced.
 */
export class EventCorrelator {
  private readonly similar = new LruMap<Similar>(cacheSize)
  private readonly posted = new LruMap<Posted>(cacheSize)
  /** When the bucket of a source and object is full again. */
  private readonly buckets = new LruMap<number>(cacheSize)

  constructor(private readonly clock: Clock) {}

  correlate(event: Event): Correlation {
    const { event: combined, key } = this.combine(event)
    const counted = this.count(combined, key)
    if (!this.allowed(event)) return { action: 'drop' }
    return { action: (counted.count ?? 1) > 1 ? 'patch' : 'create', event: counted, key }
  }

  /** Remembers what the server made of a posted event. */
  accepted(key: string, event: Event): void {
    this.posted.set(key, postedOf(event))
  }

  private combine(event: Event): { event: Event; key: string } {
    const similarKey = keyOfSimilar(event)
    const ownKey = keyOfEqual(event)
    const now = this.clock.now()
    let similar = this.similar.get(similarKey)
    if (!similar || now - similar.last > similarWindow) {
      similar = { messages: new Set(), last: now }
      this.similar.set(similarKey, similar)
    }
    similar.messages.add(event.message ?? '')
    similar.last = now
    if (similar.messages.size < similarLimit) return { event, key: ownKey }
    const oldest = similar.messages.values().next()
    if (!oldest.done) similar.messages.delete(oldest.value)
    return { event: { ...event, message: `(combined from similar events): ${event.message ?? ''}` }, key: similarKey }
  }

  private count(event: Event, key: string): Event {
    const last = this.posted.get(key)
    if (!last) {
      this.posted.set(key, postedOf(event))
      return event
    }
    const counted: Event = {
      ...event,
      metadata: { ...event.metadata, name: last.name, resourceVersion: last.resourceVersion },
      firstTimestamp: last.firstTimestamp,
      count: last.count + 1,
    }
    this.posted.set(key, postedOf(counted))
    return counted
  }

  private allowed(event: Event): boolean {
    const key = spamKey(event)
    const now = this.clock.now()
    const fullAt = Math.max(this.buckets.get(key) ?? 0, now) + spamInterval
    if (fullAt - now > spamBurst * spamInterval) return false
    this.buckets.set(key, fullAt)
    return true
  }
}

const postedOf = (event: Event): Posted => ({
  count: event.count ?? 1,
  firstTimestamp: event.firstTimestamp ?? undefined,
  name: event.metadata.name,
  resourceVersion: event.metadata.resourceVersion,
})

function spamKey({ source, involvedObject: about }: Event): string {
  return [source?.component, source?.host, about.kind, about.namespace, about.name, about.uid, about.apiVersion].join('\0')
}

function keyOfSimilar(event: Event): string {
  return ['~', spamKey(event), event.type, event.reason, event.reportingComponent, event.reportingInstance].join('\0')
}

function keyOfEqual(event: Event): string {
  return ['=', spamKey(event), event.involvedObject.fieldPath, event.type, event.reason, event.message].join('\0')
}
