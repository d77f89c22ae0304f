import type { TypeTable } from '../../declaration/type-table.js'

export const statefulSetTypes = {
  RollingUpdateStatefulSetStrategy: {
    partition: ['int32?', 1],
    maxUnavailable: ['IntOrString?', 2, { gate: 'MaxUnavailableStatefulSet' }],
  },
  StatefulSet: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['StatefulSetSpec', 2],
    status: ['StatefulSetStatus', 3],
  },
  StatefulSetCondition: {
    type: ['string!', 1],
    status: ['core.v1.ConditionStatus!', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  StatefulSetOrdinals: {
    start: ['int32', 1, { empty: 'encoded' }],
  },
  StatefulSetPersistentVolumeClaimRetentionPolicy: {
    whenDeleted: ['PersistentVolumeClaimRetentionPolicyType', 1],
    whenScaled: ['PersistentVolumeClaimRetentionPolicyType', 2],
  },
  StatefulSetSpec: {
    replicas: ['int32?', 1],
    selector: ['meta.v1.LabelSelector?!', 2],
    template: ['core.v1.PodTemplateSpec!', 3],
    volumeClaimTemplates: ['core.v1.PersistentVolumeClaim[]', 4],
    serviceName: ['string', 5, { empty: 'encoded' }],
    podManagementPolicy: ['PodManagementPolicyType', 6],
    updateStrategy: ['StatefulSetUpdateStrategy', 7],
    revisionHistoryLimit: ['int32?', 8],
    minReadySeconds: ['int32', 9],
    persistentVolumeClaimRetentionPolicy: ['StatefulSetPersistentVolumeClaimRetentionPolicy?', 10],
    ordinals: ['StatefulSetOrdinals?', 11],
  },
  StatefulSetStatus: {
    observedGeneration: ['int64', 1],
    replicas: ['int32!', 2],
    readyReplicas: ['int32', 3],
    currentReplicas: ['int32', 4],
    updatedReplicas: ['int32', 5],
    currentRevision: ['string', 6],
    updateRevision: ['string', 7],
    collisionCount: ['int32?', 9],
    conditions: ['StatefulSetCondition[]', 10, { keys: ['type'], merge: 'type' }],
    availableReplicas: ['int32', 11, { empty: 'encoded' }],
  },
  StatefulSetUpdateStrategy: {
    type: ['StatefulSetUpdateStrategyType', 1],
    rollingUpdate: ['RollingUpdateStatefulSetStrategy?', 2],
  },
  PersistentVolumeClaimRetentionPolicyType: ['Retain', 'Delete', '*'],
  PodManagementPolicyType: ['OrderedReady', 'Parallel'],
  StatefulSetUpdateStrategyType: ['RollingUpdate', 'OnDelete'],
} as const satisfies TypeTable
