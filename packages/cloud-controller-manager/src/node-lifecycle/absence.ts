/** When a node whose instance is reported gone may be deleted. Times in milliseconds. */
export interface AbsenceRules {
  /** Confirmations in a row, and over at least this long. */
  readonly confirmations: number
  readonly span: number
  /** A node younger than this is never deleted: an eventually consistent cloud may not know it yet. */
  readonly graceAfterCreation: number
  /** More than this share of all nodes gone in one pass (and at least `breakerMinimum`) is taken for an outage. */
  readonly breakerShare: number
  readonly breakerMinimum: number
}

export const defaultAbsenceRules: AbsenceRules = {
  confirmations: 3,
  span: 30_000,
  graceAfterCreation: 120_000,
  breakerShare: 0.2,
  breakerMinimum: 5,
}

/** Remembers, per node uid, since when and how often its instance was reported gone. */
export class AbsenceRecord {
  readonly #seen = new Map<string, { first: number; count: number }>()

  constructor(readonly rules: AbsenceRules) {}

  present(uid: string): void {
    this.#seen.delete(uid)
  }

  /** Counts one report; true when it is proof. */
  absent(uid: string, createdAt: number, now: number): boolean {
    const record = this.#seen.get(uid) ?? { first: now, count: 0 }
    record.count++
    this.#seen.set(uid, record)
    return (
      record.count >= this.rules.confirmations && now - record.first >= this.rules.span && now - createdAt >= this.rules.graceAfterCreation
    )
  }

  /** True when so many are gone at once that the cloud, not the nodes, is to be doubted. */
  breaks(gone: number, total: number): boolean {
    return gone >= this.rules.breakerMinimum && gone > total * this.rules.breakerShare
  }

  /** Forgets nodes that no longer exist. */
  retain(uids: ReadonlySet<string>): void {
    for (const uid of this.#seen.keys()) if (!uids.has(uid)) this.#seen.delete(uid)
  }
}
