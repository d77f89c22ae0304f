import type { Node } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'

/** What is known of a node when a pod comes to it. */
export interface AdmissionContext {
  readonly node: Node | undefined
  /** Pods that run or may run here. */
  readonly others: readonly AssignedPod[]
  readonly allocatable: Readonly<Record<string, string>>
  /** Of the machine: `linux`. */
  readonly operatingSystem: string
}

/** Reason and message as the pod's status and event show them. */
export interface Refusal {
  readonly reason: string
  readonly message: string
}
