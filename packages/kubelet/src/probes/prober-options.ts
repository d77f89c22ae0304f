import type { Clock } from '@treeline/client'
import type { Runtime } from '@treeline/cri'
import type { PodEvents } from '../events.js'
import type { Limit } from '../limit.js'
import type { PodEndpoint } from './outcome.js'

export interface ProberOptions {
  readonly runtime: Runtime
  readonly events: PodEvents
  readonly clock: Clock
  readonly random: () => number
  readonly endpoint: PodEndpoint
  /** Bounds the probes under way, over all nodes of a process. */
  readonly limit: Limit
  readonly signal: AbortSignal
  /** When this agent started: containers older than that keep the readiness they had. */
  readonly startedAt: number
  /** A verdict about a container of this pod changed. */
  changed(uid: string): void
}
