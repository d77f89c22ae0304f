import { type QuotaEvaluator, quotaEvaluator, ResourceQuota } from '@treeline/api'
import { deepEqual, isStatusError } from '@treeline/machinery'
import type { ApiInternals } from '../../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission.js'
import { canCharge, charged } from './charge.js'

/** Kinds that come and go in great numbers, or that say nothing about use; quotas do not count them. */
const ignored = new Set(['events', 'events.events.k8s.io'])
/** How often a charge is tried anew after somebody else wrote the quota. */
const attempts = 4

/**
 * Charges what a request creates to the quotas of its namespace before it is carried out. Requests of one namespace
 * take turns; those that come while a charge is written are charged together.
 */
export function resourceQuota(internals: ApiInternals, now: () => number = Date.now): AdmissionPlugin {
  const turns = new Map<string, Turn>()
  return {
    name: 'ResourceQuota',
    validate(attributes) {
      const { namespace, kind } = attributes
      if (!namespace || !canCharge(attributes)) return
      if (ignored.has(kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`)) return
      if (internals.list(ResourceQuota, namespace).length === 0) return
      let turn = turns.get(namespace)
      if (!turn) {
        turn = new Turn(internals, namespace, now, () => turns.delete(namespace))
        turns.set(namespace, turn)
      }
      return turn.join(attributes, quotaEvaluator(kind.group, kind.plural))
    },
  }
}

interface Waiting {
  readonly attributes: AdmissionAttributes
  readonly evaluator: QuotaEvaluator
  readonly admit: () => void
  readonly refuse: (error: unknown) => void
}

/** The requests of a namespace that wait to be charged. */
class Turn {
  private waiting: Waiting[] = []
  private running = false

  constructor(
    private readonly internals: ApiInternals,
    private readonly namespace: string,
    private readonly now: () => number,
    private readonly onIdle: () => void,
  ) {}

  join(attributes: AdmissionAttributes, evaluator: QuotaEvaluator): Promise<void> {
    return new Promise((admit, refuse) => {
      this.waiting.push({ attributes, evaluator, admit, refuse })
      if (!this.running) void this.run()
    })
  }

  private async run(): Promise<void> {
    this.running = true
    while (this.waiting.length > 0) {
      const batch = this.waiting
      this.waiting = []
      try {
        await this.charge(batch)
      } catch (error) {
        for (const { refuse } of batch) refuse(error)
      }
    }
    this.running = false
    this.onIdle()
  }

  /**
   * Admits who fits, refuses who does not; who was charged waits until the charge is written. `only` names the quotas
   * that are still to be charged.
   */
  private async charge(batch: readonly Waiting[], only?: ReadonlySet<string | undefined>, attempt = 1): Promise<void> {
    const before = this.internals.list(ResourceQuota, this.namespace).filter(({ metadata }) => only?.has(metadata.name) ?? true)
    const { after, charged: pending } = this.compute(batch, before)
    if (pending.length === 0) return
    const stale = await this.write(before, after)
    if (stale.size === 0) {
      for (const { admit } of pending) admit()
    } else if (attempt < attempts) {
      await this.charge(pending, stale, attempt + 1)
    } else {
      throw new Error(`the quotas of namespace ${this.namespace} are written too often to charge them`)
    }
  }

  /** Charges one request after the other; those that change nothing are admitted at once. */
  private compute(batch: readonly Waiting[], before: readonly ResourceQuota[]) {
    let after = before
    const pending: Waiting[] = []
    for (const each of batch) {
      try {
        const next = charged(after, each.attributes, each.evaluator, this.now())
        if (each.attributes.dryRun || next.every((quota, index) => quota === after[index])) {
          each.admit()
          continue
        }
        after = next
        pending.push(each)
      } catch (error) {
        each.refuse(error)
      }
    }
    return { after, charged: pending }
  }

  /** Names of the quotas that somebody else wrote meanwhile. */
  private async write(before: readonly ResourceQuota[], after: readonly ResourceQuota[]): Promise<Set<string | undefined>> {
    const stale = new Set<string | undefined>()
    await Promise.all(
      after.map(async (quota, index) => {
        const old = before[index]
        if (old && old !== quota && !(await this.writeOne(old, quota))) stale.add(quota.metadata.name)
      }),
    )
    return stale
  }

  private async writeOne(old: ResourceQuota, quota: ResourceQuota): Promise<boolean> {
    let fresh = true
    try {
      await this.internals.update(
        ResourceQuota,
        this.namespace,
        quota.metadata.name ?? '',
        (current) => {
          fresh = deepEqual(current.status, old.status)
          return fresh ? { ...current, status: { ...current.status, used: quota.status?.used } } : undefined
        },
        { subresource: 'status' },
      )
    } catch (error) {
      // A quota that is gone limits nothing.
      if (!isStatusError(error, 'NotFound')) throw error
    }
    return fresh
  }
}
