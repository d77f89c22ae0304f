import { errors, type KubernetesObject } from '@treeline/machinery'
import { addedEvent } from './cache-event.js'
import type { LiveCache } from './cache-loader.js'
import type { ObjectEncoding } from './object-encoding.js'
import type { WatchRequest } from './resource-store.js'
import { parseRevision } from './revision.js'
import type { Subscriber } from './subscriber.js'

/** What a watch begins on. */
export interface WatchSource<T extends KubernetesObject> extends LiveCache<T> {
  readonly encoding: ObjectEncoding<T>
  /** The store's newest revision. */
  latest(): Promise<number>
  /** Throws StatusError 504 when the cache does not come to the revision in time. */
  waitFor(revision: number): Promise<void>
}

/** Gives a watch what comes before the live events, by the rules for its resourceVersion, then lets it join those. */
export async function startWatch<T extends KubernetesObject>(
  source: WatchSource<T>,
  subscriber: Subscriber<T>,
  request: WatchRequest<T>,
): Promise<void> {
  const { resourceVersion = '', sendInitialEvents } = request
  const revision = resourceVersion === '' ? undefined : parseRevision(resourceVersion)
  if (sendInitialEvents ?? !revision) {
    await source.waitFor(revision ?? (await source.latest()))
    await sendInitial(source, subscriber, request.allowBookmarks === true)
  } else if (revision) subscriber.position = revision
  else {
    if (revision === undefined) await source.waitFor(await source.latest())
    subscriber.position = source.cache.revision
  }
  await joinAfterHistory(source, subscriber)
}

async function sendInitial<T extends KubernetesObject>(
  { cache, encoding }: WatchSource<T>,
  subscriber: Subscriber<T>,
  bookmark: boolean,
): Promise<void> {
  const { selection } = subscriber
  const { revision } = cache
  // The objects themselves never change, so the list is the state at this revision, however long the sending takes.
  const objects = selection.key === undefined ? cache.all(selection.prefix) : [cache.get(selection.key)]
  for (let from = 0; from < objects.length; from += pieceSize) {
    const piece = objects
      .slice(from, from + pieceSize)
      .flatMap((stored) => (stored && selection.matches(stored) ? [addedEvent(stored)] : []))
    await subscriber.deliver(piece, revision)
    if (from + pieceSize < objects.length) await nextTurn()
    if (subscriber.ended) return
  }
  if (bookmark) await subscriber.deliver([encoding.bookmark(revision, { 'k8s.io/initial-events-end': 'true' })], revision)
  subscriber.position = revision
}

/** Events that happened meanwhile, or since the revision asked for, until there are none left; then live. */
async function joinAfterHistory<T extends KubernetesObject>(
  { cache, dispatcher }: WatchSource<T>,
  subscriber: Subscriber<T>,
): Promise<void> {
  while (!subscriber.ended) {
    const { position } = subscriber
    const { start } = cache.history
    if (position < start) throw errors.expired(`too old resource version: ${position} (${start})`)
    const events = cache.history.after(position)
    const piece = events.length > pieceSize ? events.slice(0, pieceSize) : events
    const through = piece.length < events.length ? (piece.at(-1)?.revision ?? position) : cache.revision
    const room = subscriber.deliver(dispatcher.select(subscriber.selection, piece), through)
    if (piece.length === events.length) {
      // Nothing can come between: all since the look at the history has happened in one turn.
      if (!subscriber.ended) dispatcher.join(subscriber)
      return
    }
    await room
    await nextTurn()
  }
}

const pieceSize = 500

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
