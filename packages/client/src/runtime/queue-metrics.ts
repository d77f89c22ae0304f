import { exponentialBuckets, type MetricRegistry } from '../metrics/registry.js'
import type { WorkQueue } from '../queue/work-queue.js'

/** What a controller tells about its queue. */
export interface QueueMetrics {
  added(): void
  retried(): void
  worked(seconds: number): void
  close(): void
}

/** The `workqueue_*` metrics of one queue, named as upstream names them. */
export function queueMetrics(registry: MetricRegistry, name: string, queue: WorkQueue): QueueMetrics {
  const labels = { name }
  const depth = registry.gauge('workqueue_depth', 'Current depth of workqueue')
  const adds = registry.counter('workqueue_adds_total', 'Total number of adds handled by workqueue')
  const retries = registry.counter('workqueue_retries_total', 'Total number of retries handled by workqueue')
  const work = registry.histogram(
    'workqueue_work_duration_seconds',
    'How long in seconds processing an item from workqueue takes.',
    exponentialBuckets(1e-8, 10, 12),
  )
  depth.observe(() => queue.depth, labels)
  return {
    added: () => adds.increment(labels),
    retried: () => retries.increment(labels),
    worked: (seconds) => work.observe(seconds, labels),
    close: () => depth.remove(labels),
  }
}
