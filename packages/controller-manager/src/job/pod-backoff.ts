import type { Pod } from '@treeline/api'
import { failuresBefore, finishedAt } from './job-pods.js'

/** Failures since the last success, and when the last one was, in milliseconds. */
export interface BackoffRecord {
  readonly failures: number
  readonly lastFailure: number | undefined
}

export const noFailures: BackoffRecord = { failures: 0, lastFailure: undefined }

const firstDelay = 10_000
const longestDelay = 600_000

/** The record after these pods have ended too. */
export function nextBackoff(known: BackoffRecord, succeeded: readonly Pod[], failed: readonly Pod[]): BackoffRecord {
  const failures = failed.map(finishedAt)
  if (succeeded.length === 0) {
    if (failures.length === 0) return known
    return { failures: known.failures + failures.length, lastFailure: Math.max(...failures) }
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt))
  const since = failures.filter((time) => time > lastSuccess)
  return since.length === 0 ? noFailures : { failures: since.length, lastFailure: Math.max(...since) }
}

/** Milliseconds to wait before the next pod is made; 0 if none. */
export function backoffLeft({ failures, lastFailure }: BackoffRecord, now: number): number {
  if (failures === 0 || lastFailure === undefined) return 0
  return Math.max(0, Math.min(firstDelay * 2 ** Math.min(failures - 1, 16), longestDelay) - (now - lastFailure))
}

/** The same for an index whose last pod has failed. */
export function indexBackoffLeft(lastFailed: Pod | undefined, now: number): number {
  if (!lastFailed) return 0
  const { counted, ignored } = failuresBefore(lastFailed)
  return backoffLeft({ failures: counted + ignored + 1, lastFailure: finishedAt(lastFailed) }, now)
}
