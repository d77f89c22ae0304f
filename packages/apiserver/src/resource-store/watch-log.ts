import type { KubernetesObject } from '@treeline/machinery'
import type { ResourceStore, StoredEvent, WatchRequest, WatchSubscription } from './resource-store.js'

/** A watch that keeps what it was given, for tests. */
export interface WatchLog extends WatchSubscription {
  readonly events: readonly StoredEvent[]
  /** `ADDED default/web 5`, one for each event. */
  lines(): string[]
  /** Resolves once there are that many events; rejects when the watch ends before, or after 10 s. */
  count(events: number): Promise<void>
  /** Resolves once the watch has ended, with its error. */
  ended(): Promise<Error | undefined>
}

export function logWatch<T extends KubernetesObject>(
  store: ResourceStore<T>,
  request: Omit<WatchRequest<T>, 'onEvents' | 'onEnd'> & { readonly onEvents?: WatchRequest<T>['onEvents'] },
): WatchLog {
  const events: StoredEvent[] = []
  let end: { error?: Error } | undefined
  let waiting: (() => void)[] = []
  const wake = () => {
    const woken = waiting
    waiting = []
    for (const retry of woken) retry()
  }
  const subscription = store.watch({
    ...request,
    onEvents(batch) {
      events.push(...batch)
      wake()
      return request.onEvents?.(batch)
    },
    onEnd(error) {
      end = { error }
      wake()
    },
  })
  const until = async (condition: () => boolean) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      wake()
    }, 10_000)
    while (!condition() && !late) await new Promise<void>((resolve) => waiting.push(resolve))
    clearTimeout(timer)
    if (late) throw new Error(`the watch has ${events.length} events and ${end ? 'has' : 'has not'} ended after 10 s`)
  }
  return {
    ...subscription,
    events,
    lines: () => events.map(({ type, revision, stored }) => `${type} ${stored.key || '-'} ${revision}`),
    async count(wanted) {
      await until(() => events.length >= wanted || end !== undefined)
      if (events.length < wanted) throw end?.error ?? new Error('the watch ended')
    },
    async ended() {
      await until(() => end !== undefined)
      return end?.error
    },
  }
}
