import type { Lease } from '@treeline/api'
import { deepEqual, isAlreadyExists, isConflict, isNotFound } from '@treeline/machinery'
import type { Client, ResourceKind } from '../client.js'
import type { EventRecorder, Logger } from '../controller.js'
import { silentLogger } from '../runtime/logger.js'
import { sharedAbort } from '../time/abort.js'
import { type Clock, sleep, systemClock } from '../time/clock.js'
import { type LeaderRecord, leaseWith, microTime, recordOf } from './lease-record.js'

export interface LeaderElectionOptions {
  readonly client: Client
  /** The Lease that is fought for. */
  readonly namespace: string
  readonly name: string
  /** Unique among the candidates, by custom `{host}_{uuid}`. */
  readonly identity: string
  /** Milliseconds: how long a candidate waits without a renewal; how long a leader tries to renew; how long between tries. */
  readonly leaseDuration?: number
  readonly renewDeadline?: number
  readonly retryPeriod?: number
  /** Gives the lease up at the end, so that the next one need not wait for it to run out; true by default. */
  readonly releaseOnCancel?: boolean
  readonly events?: EventRecorder
  readonly onNewLeader?: (identity: string) => void
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
}

const leaseKind: ResourceKind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  scope: 'Namespaced',
}
/** Tries are spread over this multiple of the retry period. */
const jitterFactor = 1.2

/**
 * Waits to become leader, then runs `lead` with a signal that aborts when leadership is lost or `signal` aborts.
 * Resolves when `lead` has returned. True: it ended because `signal` aborted or `lead` returned; false: leadership was lost.
 */
export async function runAsLeader(
  options: LeaderElectionOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const election = new Election(options)
  if (!(await election.acquire(signal))) return true
  const term = sharedAbort()
  const endTerm = () => term.abort()
  signal.addEventListener('abort', endTerm, { once: true })
  const renewing = election.renewUntilLost(term.signal).then(endTerm)
  try {
    await lead(term.signal)
  } finally {
    const lost = !signal.aborted && term.signal.aborted
    term.abort()
    signal.removeEventListener('abort', endTerm)
    await renewing
    if (!lost && (options.releaseOnCancel ?? true)) await election.release()
    election.lost = lost
  }
  return !election.lost
}

/** One candidate's view of the lease. */
class Election {
  lost = false
  private readonly duration: number
  private readonly renewDeadline: number
  private readonly retryPeriod: number
  private readonly clock: Clock
  private readonly random: () => number
  private readonly log: Logger
  private observed: LeaderRecord | undefined
  /** When the record last changed, by this candidate's clock: other clocks are not trusted. */
  private observedAt = 0
  private reported: string | undefined
  private lease: Lease | undefined

  constructor(private readonly options: LeaderElectionOptions) {
    this.duration = options.leaseDuration ?? 15_000
    this.renewDeadline = options.renewDeadline ?? 10_000
    this.retryPeriod = options.retryPeriod ?? 2000
    if (this.duration <= this.renewDeadline) throw new Error('leaseDuration must be greater than renewDeadline')
    if (this.renewDeadline <= this.retryPeriod * jitterFactor) throw new Error('renewDeadline must be greater than retryPeriod * 1.2')
    this.clock = options.clock ?? systemClock
    this.random = options.random ?? Math.random
    this.log = options.log ?? silentLogger
  }

  /** False when the signal aborted first. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (await this.attempt(signal)) {
        this.announce('became leader')
        return true
      }
      await sleep(this.clock, this.retryPeriod * (1 + this.random() * jitterFactor), signal)
    }
    return false
  }

  /** Resolves when the lease could not be renewed in time, or the signal aborts. */
  async renewUntilLost(signal: AbortSignal): Promise<void> {
    let renewed = this.clock.now()
    for (;;) {
      if (!(await sleep(this.clock, this.retryPeriod, signal))) return
      const attempt = sharedAbort()
      const cancel = this.clock.after(Math.max(0, renewed + this.renewDeadline - this.clock.now()), () => attempt.abort())
      const held = await this.attempt(AbortSignal.any([attempt.signal, signal]))
      cancel()
      if (signal.aborted) return
      if (held) renewed = this.clock.now()
      else if (this.clock.now() - renewed >= this.renewDeadline || this.heldByAnother()) break
    }
    this.announce('stopped leading')
  }

  /** Leaves the lease without holder, so that it can be taken at once. */
  async release(): Promise<void> {
    const { lease, observed } = this
    if (!lease || observed?.holderIdentity !== this.options.identity) return
    const now = microTime(this.clock.now())
    const empty = { ...observed, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now }
    try {
      await this.options.client.update(leaseKind, leaseWith(lease, empty))
    } catch (error) {
      this.log.warn('cannot release the leader lease', { error: String(error) })
    }
    this.announce('stopped leading')
  }

  private heldByAnother(): boolean {
    const holder = this.observed?.holderIdentity
    return holder !== undefined && holder !== '' && holder !== this.options.identity
  }

  private async attempt(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.acquireOrRenew(signal)
    } catch (error) {
      if (!isConflict(error) && !isAlreadyExists(error) && !signal.aborted) {
        this.log.warn('cannot get or renew the leader lease', { lease: this.options.name, error: String(error) })
      }
      return false
    } finally {
      this.report()
    }
  }

  private async acquireOrRenew(signal: AbortSignal): Promise<boolean> {
    const { client, namespace, name, identity } = this.options
    const now = microTime(this.clock.now())
    const mine = { holderIdentity: identity, leaseDurationSeconds: this.duration / 1000, acquireTime: now, renewTime: now }
    let lease: Lease
    try {
      lease = await client.get(leaseKind, { namespace, name }, { signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
      const first = leaseWith(
        { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } },
        { ...mine, leaderTransitions: 0 },
      )
      this.observe(await client.create(leaseKind, first, { signal }))
      return true
    }
    this.observe(lease)
    const record = recordOf(lease)
    const held = record.holderIdentity === identity
    if (!held && record.holderIdentity !== '' && this.observedAt + this.duration > this.clock.now()) return false
    const wanted = held
      ? { ...mine, acquireTime: record.acquireTime, leaderTransitions: record.leaderTransitions }
      : { ...mine, leaderTransitions: record.leaderTransitions + 1 }
    this.observe(await client.update(leaseKind, leaseWith(lease, wanted), { signal }))
    return true
  }

  private observe(lease: Lease): void {
    this.lease = lease
    const record = recordOf(lease)
    if (this.observed && deepEqual(this.observed, record)) return
    this.observed = record
    this.observedAt = this.clock.now()
  }

  private report(): void {
    const holder = this.observed?.holderIdentity
    if (!holder || holder === this.reported) return
    this.reported = holder
    this.options.onNewLeader?.(holder)
  }

  private announce(what: string): void {
    const { identity, events } = this.options
    this.log.info(`${identity} ${what}`)
    if (events && this.lease) events.event(this.lease, 'Normal', 'LeaderElection', `${identity} ${what}`)
  }
}
