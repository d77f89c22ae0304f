import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { CacheEvent } from './cache-event.js'
import type { ObjectEncoding } from './object-encoding.js'
import type { StoredEvent } from './resource-store.js'
import { type Dimension, dimensionOf, type Selection } from './selection.js'
import type { Slab } from './slab.js'
import type { Subscriber } from './subscriber.js'

/**
 * Brings events to the watches of one kind. Watches that select alike form a group, for which an event is looked at
 * once; groups that demand one value of a namespace, a name or an indexed field are found by that value. Events of
 * commits that come close together are handed over together.
 */
export class Dispatcher<T extends KubernetesObject> {
  readonly #kind: Kind<T>
  readonly #encoding: ObjectEncoding<T>
  readonly #slab: Slab
  readonly #groups = new Map<string, Group<T>>()
  readonly #byTerm = new Map<Dimension, Map<string, Set<Group<T>>>>()
  readonly #withoutTerm = new Set<Group<T>>()
  #pending: CacheEvent<T>[] = []
  #published: number
  #dispatched: number
  #scheduled: NodeJS.Immediate | undefined
  #closed = false

  constructor(kind: Kind<T>, encoding: ObjectEncoding<T>, revision: number, slab: Slab) {
    this.#kind = kind
    this.#encoding = encoding
    this.#slab = slab
    this.#published = revision
    this.#dispatched = revision
  }

  /** Revision up to which every watch that has joined has been served. */
  get dispatched(): number {
    return this.#dispatched
  }

  /** Adds a watch that has seen everything up to its position, which may also lie ahead. */
  join(subscriber: Subscriber<T>): void {
    if (this.#closed) {
      subscriber.end()
      return
    }
    const { selection } = subscriber
    let group = this.#groups.get(selection.id)
    if (!group) {
      group = { selection, subscribers: new Set() }
      this.#groups.set(selection.id, group)
      this.#place(group).add(group)
    }
    group.subscribers.add(subscriber)
  }

  leave(subscriber: Subscriber<T>): void {
    const group = this.#groups.get(subscriber.selection.id)
    if (!group?.subscribers.delete(subscriber) || group.subscribers.size > 0) return
    this.#groups.delete(group.selection.id)
    this.#place(group).delete(group)
    const { term } = group.selection
    const values = term && this.#byTerm.get(term.dimension)
    if (!term || values?.get(term.value)?.size !== 0) return
    values.delete(term.value)
    if (values.size === 0) this.#byTerm.delete(term.dimension)
  }

  /** Takes events that go up to a revision; the watches get them with the next turn of the event loop. */
  publish(events: readonly CacheEvent<T>[], through: number): void {
    this.#published = through
    if (events.length > 0) for (const event of events) this.#pending.push(event)
    if (this.#pending.length === 0) this.#dispatched = through
    else this.#scheduled ??= setImmediate(() => this.#dispatch())
  }

  /** Ends all watches. */
  close(error?: Error): void {
    this.#closed = true
    clearImmediate(this.#scheduled)
    this.#pending = []
    for (const group of this.#groups.values()) for (const subscriber of group.subscribers) subscriber.end(error)
    this.#groups.clear()
    this.#byTerm.clear()
    this.#withoutTerm.clear()
  }

  #dispatch(): void {
    this.#scheduled = undefined
    const events = this.#pending
    const through = this.#published
    this.#pending = []
    this.#dispatched = through
    for (const group of this.#withoutTerm) this.#serve(group, this.select(group.selection, events), through)
    if (this.#byTerm.size === 0) return
    for (const [group, found] of this.#found(events)) this.#serve(group, this.select(group.selection, found), through)
  }

  /** What events are to watches of a selection. */
  select(selection: Selection<T>, events: readonly CacheEvent<T>[]): readonly StoredEvent<T>[] {
    if (selection.trivial && selection.prefix === '') return events
    const selected: StoredEvent<T>[] = []
    for (const event of events) {
      const seen = this.#seenBy(selection, event)
      if (seen) selected.push(seen)
    }
    return selected
  }

  #seenBy(selection: Selection<T>, event: CacheEvent<T>): StoredEvent<T> | undefined {
    if (!event.stored.key.startsWith(selection.prefix)) return undefined
    if (selection.trivial) return event
    const before = event.previous !== undefined && selection.matches(event.previous)
    const after = event.type !== 'DELETED' && selection.matches(event.stored)
    if (!after) return before ? event.disappearance(this.#encoding, this.#slab) : undefined
    return before || event.type === 'ADDED' ? event : event.appearance()
  }

  /** The groups with a term that events may concern, each with its events in order. */
  #found(events: readonly CacheEvent<T>[]): Map<Group<T>, CacheEvent<T>[]> {
    const found = new Map<Group<T>, CacheEvent<T>[]>()
    const add = (groups: Iterable<Group<T>> | undefined, event: CacheEvent<T>) => {
      for (const group of groups ?? []) {
        const list = found.get(group)
        if (!list) found.set(group, [event])
        else if (list[list.length - 1] !== event) list.push(event)
      }
    }
    for (const event of events) {
      for (const [dimension, values] of this.#byTerm) {
        const after = dimensionOf(this.#kind, event.stored, dimension)
        add(values.get(after), event)
        const before = event.previous && dimensionOf(this.#kind, event.previous, dimension)
        if (before !== undefined && before !== after) add(values.get(before), event)
      }
    }
    return found
  }

  #serve(group: Group<T>, events: readonly StoredEvent<T>[], through: number): void {
    const [first] = events
    if (!first) return
    for (const subscriber of group.subscribers) {
      const { position } = subscriber
      if (first.revision > position) void subscriber.deliver(events, through)
      else
        void subscriber.deliver(
          events.filter((event) => event.revision > position),
          through,
        )
    }
  }

  #place(group: Group<T>): Set<Group<T>> {
    const { term } = group.selection
    if (!term) return this.#withoutTerm
    let values = this.#byTerm.get(term.dimension)
    if (!values) {
      values = new Map()
      this.#byTerm.set(term.dimension, values)
    }
    let groups = values.get(term.value)
    if (!groups) {
      groups = new Set()
      values.set(term.value, groups)
    }
    return groups
  }
}

interface Group<T extends KubernetesObject> {
  readonly selection: Selection<T>
  readonly subscribers: Set<Subscriber<T>>
}
