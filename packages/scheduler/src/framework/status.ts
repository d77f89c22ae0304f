/** Codes of the scheduling framework, by their numbers on the wire. Source: scheduler contract §1. */
export const code = { success: 0, error: 1, unschedulable: 2, unresolvable: 3, wait: 4, skip: 5, pending: 6 } as const
export type Code = (typeof code)[keyof typeof code]

/** Why a plug-in refused. Success is `undefined`: the hot path allocates nothing for it. */
export interface Refusal {
  readonly code: typeof code.error | typeof code.unschedulable | typeof code.unresolvable | typeof code.pending
  readonly reasons: readonly string[]
  /** The plug-in that refused; filled in by the framework. */
  readonly plugin?: string
}

/** Preemption may help. */
export function unschedulable(...reasons: string[]): Refusal {
  return { code: code.unschedulable, reasons }
}

/** Preemption cannot help. */
export function unresolvable(...reasons: string[]): Refusal {
  return { code: code.unresolvable, reasons }
}
