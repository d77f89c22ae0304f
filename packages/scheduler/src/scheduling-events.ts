import { EventsV1Event, type Pod } from '@treeline/api'
import { type Client, type Clock, type Logger, sharedAbort } from '@treeline/client'
import { formatMicroTime } from '@treeline/machinery'

/** What the scheduler says about pods, as events.k8s.io/v1 events. Never throws, never blocks. */
export interface SchedulingEvents {
  record(pod: Pod, type: 'Normal' | 'Warning', reason: string, action: string, note: string, related?: Pod): void
  close(): void
}

const longestNote = 1024
const queueLimit = 10_000
const parallel = 16
/** Within this time the same event again is a series of one event. */
const seriesWindow = 6 * 60_000
const seriesLimit = 4096

interface Series {
  readonly name: string
  readonly namespace: string
  count: number
  last: number
}

export function schedulingEvents(client: Client, clock: Clock, log: Logger, schedulerName: string, instance: string): SchedulingEvents {
  const queue: (() => Promise<unknown>)[] = []
  const series = new Map<string, Series>()
  const abort = sharedAbort()
  let posting = 0
  let serial = 0

  async function post(): Promise<void> {
    posting++
    for (let task = queue.shift(); task && !abort.signal.aborted; task = queue.shift()) {
      await task().catch((error: unknown) => {
        if (!abort.signal.aborted) log.warn('cannot record an event', { error: String(error) })
      })
    }
    posting--
  }

  function enqueue(task: () => Promise<unknown>): void {
    if (queue.length >= queueLimit || abort.signal.aborted) return
    queue.push(task)
    if (posting < parallel) void post()
  }

  return {
    record(pod, type, reason, action, note, related) {
      const now = clock.now()
      const text = note.length > longestNote ? `${note.slice(0, longestNote - 4)} ...` : note
      const key = JSON.stringify([pod.metadata.uid, type, reason, action, text])
      const known = series.get(key)
      if (known && now - known.last < seriesWindow) {
        known.count++
        known.last = now
        const body = { series: { count: known.count, lastObservedTime: formatMicroTime(new Date(now)) } }
        enqueue(() => client.patch(EventsV1Event, known, { type: 'merge', body }, { signal: abort.signal }))
        return
      }
      const namespace = pod.metadata.namespace ?? 'default'
      const name = `${pod.metadata.name}.${(now * 1_000_000 + (serial++ % 1_000_000)).toString(16)}`
      // only what may repeat is remembered: a pod is assigned once
      if (type === 'Warning') {
        if (series.size >= seriesLimit) series.clear()
        series.set(key, { name, namespace, count: 1, last: now })
      }
      const event: EventsV1Event = {
        metadata: { name, namespace },
        eventTime: formatMicroTime(new Date(now)),
        reportingController: schedulerName,
        reportingInstance: instance,
        type,
        reason,
        action,
        note: text,
        regarding: reference(pod),
        ...(related ? { related: reference(related) } : {}),
      }
      enqueue(() => client.create(EventsV1Event, event, { signal: abort.signal }))
    },
    close: () => abort.abort(),
  }
}

function reference({ metadata }: Pod) {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata
  return { apiVersion: 'v1', kind: 'Pod', name, namespace, uid, resourceVersion }
}
