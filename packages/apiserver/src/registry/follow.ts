import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { StoredEvent } from '../resource-store/resource-store.js'
import type { ApiInternals } from './internals.js'

/** Who wants to know of the objects of a kind. */
export interface Follower<T extends KubernetesObject> {
  event(event: StoredEvent<T>): void
  /** History is lost: forget, everything is told again. */
  reset(): void
}

/** Tells of every object of a kind and of every change, again from the start whenever the watch ends. */
export function follow<T extends KubernetesObject>(internals: ApiInternals, kind: Kind<T>, follower: Follower<T>): () => void {
  let stopped = false
  let subscription: { stop(): void } | undefined
  const begin = (): void => {
    follower.reset()
    subscription = internals.store(kind).watch({
      sendInitialEvents: true,
      onEvents: (events) => {
        for (const event of events) if (event.type !== 'BOOKMARK') follower.event(event)
      },
      onEnd: () => {
        if (!stopped) setImmediate(begin)
      },
    })
  }
  begin()
  return () => {
    stopped = true
    subscription?.stop()
  }
}
