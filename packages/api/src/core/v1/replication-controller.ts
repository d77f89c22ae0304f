import type { TypeTable } from '../../declaration/type-table.js'

export const replicationControllerTypes = {
  ReplicationController: {
    $: { object: true, about: 'Keeps a number of pods running. ReplicaSet took its place.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ReplicationControllerSpec', 2],
    status: ['ReplicationControllerStatus', 3],
  },
  ReplicationControllerSpec: {
    replicas: ['int32?', 1, { default: 1 }],
    minReadySeconds: ['int32', 4],
    selector: ['string{}', 2, { atomic: true }],
    template: ['PodTemplateSpec?', 3],
  },
  ReplicationControllerStatus: {
    replicas: ['int32!', 1],
    fullyLabeledReplicas: ['int32', 2],
    readyReplicas: ['int32', 4],
    availableReplicas: ['int32', 5],
    observedGeneration: ['int64', 3],
    conditions: ['ReplicationControllerCondition[]', 6, { keys: ['type'], merge: 'type' }],
  },
  ReplicationControllerCondition: {
    type: ['ReplicationControllerConditionType!', 1],
    status: ['ConditionStatus!', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  ReplicationControllerConditionType: ['ReplicaFailure', '*'],
} as const satisfies TypeTable
