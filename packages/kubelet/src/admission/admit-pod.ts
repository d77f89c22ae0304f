import type { Node } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'

export interface AdmissionContext {
  readonly node: Node | undefined
  /** Pods that run or may run here. */
  readonly others: readonly AssignedPod[]
  readonly allocatable: Readonly<Record<string, string>>
}

export interface Refusal {
  readonly reason: string
  readonly message: string
}

/** Why a pod that is new on the node may not run; undefined lets it run. */
export function admitPod(_pod: AssignedPod, _context: AdmissionContext): Refusal | undefined {
  return undefined
}
