import type { PodTemplateSpec, ReplicaSetCondition } from '@treeline/api'
import type { ResourceKind } from '@treeline/client'
import type { KubernetesObject, LabelSelector } from '@treeline/machinery'

/** What a ReplicaSet and a ReplicationController have in common. */
export interface ReplicatingObject extends KubernetesObject {
  spec?: { replicas?: number; minReadySeconds?: number; template?: PodTemplateSpec }
  status?: ReplicaStatus
}

export interface ReplicaStatus {
  replicas: number
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  terminatingReplicas?: number
  observedGeneration?: number
  conditions?: ReplicaSetCondition[]
}

/** A kind whose objects keep a number of pods. */
export interface Replicator<T extends ReplicatingObject> {
  readonly kind: ResourceKind<T>
  readonly selectorOf: (object: T) => LabelSelector
  /** Whether status has `terminatingReplicas`. */
  readonly countsTerminating: boolean
}
