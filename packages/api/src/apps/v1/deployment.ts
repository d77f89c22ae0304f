import type { TypeTable } from '../../declaration/type-table.js'

export const deploymentTypes = {
  Deployment: {
    $: { object: true, about: 'Keeps a number of equal pods running and replaces them step by step when their template changes.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['DeploymentSpec', 2],
    status: ['DeploymentStatus', 3],
  },
  DeploymentCondition: {
    type: ['DeploymentConditionType!', 1],
    status: ['core.v1.ConditionStatus!', 2],
    lastUpdateTime: ['Time', 6],
    lastTransitionTime: ['Time', 7],
    reason: ['string', 4],
    message: ['string', 5],
  },
  DeploymentSpec: {
    replicas: ['int32?', 1, { about: 'How many pods to keep running.' }],
    selector: ['meta.v1.LabelSelector?!', 2, { about: 'Which pods are its own; cannot be changed.' }],
    template: ['core.v1.PodTemplateSpec!', 3, { about: 'What its pods look like.' }],
    strategy: ['DeploymentStrategy', 4, { retainKeys: true, about: 'How old pods are replaced by new ones.' }],
    minReadySeconds: [
      'int32',
      5,
      {
        about: 'How long a pod must be ready before it counts as available.',
      },
    ],
    revisionHistoryLimit: ['int32?', 6, { about: 'How many old ReplicaSets are kept to go back to.' }],
    paused: ['boolean', 7, { about: 'Changes of the template wait.' }],
    progressDeadlineSeconds: [
      'int32?',
      9,
      {
        about: 'Time without progress after which the rollout is reported as failed.',
      },
    ],
  },
  DeploymentStatus: {
    observedGeneration: ['int64', 1],
    replicas: ['int32', 2],
    updatedReplicas: ['int32', 3],
    readyReplicas: ['int32', 7],
    availableReplicas: ['int32', 4],
    unavailableReplicas: ['int32', 5],
    terminatingReplicas: ['int32?', 9],
    conditions: ['DeploymentCondition[]', 6, { keys: ['type'], merge: 'type' }],
    collisionCount: ['int32?', 8],
  },
  DeploymentStrategy: {
    type: ['DeploymentStrategyType', 1],
    rollingUpdate: ['RollingUpdateDeployment?', 2],
  },
  ReplicaSet: {
    $: { object: true, about: 'Keeps a number of equal pods running.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ReplicaSetSpec', 2],
    status: ['ReplicaSetStatus', 3],
  },
  ReplicaSetCondition: {
    type: ['ReplicaSetConditionType!', 1],
    status: ['core.v1.ConditionStatus!', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  ReplicaSetSpec: {
    replicas: ['int32?', 1, { about: 'How many pods to keep running.' }],
    minReadySeconds: [
      'int32',
      4,
      {
        about: 'How long a pod must be ready before it counts as available.',
      },
    ],
    selector: ['meta.v1.LabelSelector?!', 2, { about: 'Which pods are its own; cannot be changed.' }],
    template: ['core.v1.PodTemplateSpec', 3, { about: 'What its pods look like.' }],
  },
  ReplicaSetStatus: {
    replicas: ['int32!', 1],
    fullyLabeledReplicas: ['int32', 2],
    readyReplicas: ['int32', 4],
    availableReplicas: ['int32', 5],
    terminatingReplicas: ['int32?', 7],
    observedGeneration: ['int64', 3],
    conditions: ['ReplicaSetCondition[]', 6, { keys: ['type'], merge: 'type' }],
  },
  RollingUpdateDeployment: {
    maxUnavailable: ['IntOrString?', 1],
    maxSurge: ['IntOrString?', 2],
  },
  DeploymentConditionType: ['Available', 'Progressing', 'ReplicaFailure', '*'],
  DeploymentStrategyType: ['Recreate', 'RollingUpdate'],
  ReplicaSetConditionType: ['ReplicaFailure', '*'],
} as const satisfies TypeTable
