import type { Lease } from '@treeline/api'
import { formatMicroTime } from '@treeline/machinery'

/** What a Lease says about who leads. */
export interface LeaderRecord {
  readonly holderIdentity: string
  readonly leaseDurationSeconds: number
  /** RFC 3339 with microseconds. */
  readonly acquireTime: string | undefined
  readonly renewTime: string | undefined
  readonly leaderTransitions: number
}

export function recordOf(lease: Lease): LeaderRecord {
  const { holderIdentity = '', leaseDurationSeconds = 0, acquireTime, renewTime, leaseTransitions = 0 } = lease.spec ?? {}
  return {
    holderIdentity,
    leaseDurationSeconds,
    acquireTime: acquireTime ?? undefined,
    renewTime: renewTime ?? undefined,
    leaderTransitions: leaseTransitions,
  }
}

export function leaseWith(lease: Lease, record: LeaderRecord): Lease {
  const { leaderTransitions, ...rest } = record
  return { ...lease, spec: { ...lease.spec, ...rest, leaseTransitions: leaderTransitions } }
}

export function microTime(now: number): string {
  return formatMicroTime(new Date(now))
}
