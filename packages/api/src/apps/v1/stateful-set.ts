import type { TypeTable } from '../../declaration/type-table.js'

export const statefulSetTypes = {
  RollingUpdateStatefulSetStrategy: {
    partition: ['int32?', 1],
    maxUnavailable: ['IntOrString?', 2, { gate: 'MaxUnavailableStatefulSet' }],
  },
  StatefulSet: {
    $: { object: true, about: 'Keeps numbered pods running, each with its own name and storage.' },
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
    replicas: ['int32?', 1, { about: 'How many pods to keep running.' }],
    selector: ['meta.v1.LabelSelector?!', 2, { about: 'Which pods are its own; cannot be changed.' }],
    template: ['core.v1.PodTemplateSpec!', 3, { about: 'What its pods look like.' }],
    volumeClaimTemplates: ['core.v1.PersistentVolumeClaim[]', 4, { about: 'Claims each pod gets and keeps.' }],
    serviceName: ['string', 5, { empty: 'encoded', about: 'Headless service that gives the pods their DNS names.' }],
    podManagementPolicy: ['PodManagementPolicyType', 6, { about: 'Whether pods are started and ended one by one.' }],
    updateStrategy: ['StatefulSetUpdateStrategy', 7, { about: 'How old pods are replaced by new ones.' }],
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
