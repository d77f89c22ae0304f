import type { TypeTable } from '../../declaration/type-table.js'

export const daemonSetTypes = {
  ControllerRevision: {
    $: { object: true, about: 'A former template of a StatefulSet or DaemonSet, to go back to.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    data: ['any', 2],
    revision: ['int64!', 3],
  },
  DaemonSet: {
    $: { object: true, about: 'Keeps one pod running on every node that fits.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['DaemonSetSpec', 2],
    status: ['DaemonSetStatus', 3],
  },
  DaemonSetCondition: {
    type: ['string!', 1],
    status: ['core.v1.ConditionStatus!', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  DaemonSetSpec: {
    selector: ['meta.v1.LabelSelector?!', 1, { about: 'Which pods are its own; cannot be changed.' }],
    template: ['core.v1.PodTemplateSpec!', 2, { about: 'What its pods look like.' }],
    updateStrategy: ['DaemonSetUpdateStrategy', 3, { about: 'How old pods are replaced by new ones.' }],
    minReadySeconds: ['int32', 4, { about: 'How long a pod must be ready before it counts as available.' }],
    revisionHistoryLimit: ['int32?', 6],
  },
  DaemonSetStatus: {
    currentNumberScheduled: ['int32!', 1],
    numberMisscheduled: ['int32!', 2],
    desiredNumberScheduled: ['int32!', 3],
    numberReady: ['int32!', 4],
    observedGeneration: ['int64', 5],
    updatedNumberScheduled: ['int32', 6],
    numberAvailable: ['int32', 7],
    numberUnavailable: ['int32', 8],
    collisionCount: ['int32?', 9],
    conditions: ['DaemonSetCondition[]', 10, { keys: ['type'], merge: 'type' }],
  },
  DaemonSetUpdateStrategy: {
    type: ['DaemonSetUpdateStrategyType', 1],
    rollingUpdate: ['RollingUpdateDaemonSet?', 2],
  },
  RollingUpdateDaemonSet: {
    maxUnavailable: ['IntOrString?', 1],
    maxSurge: ['IntOrString?', 2],
  },
  DaemonSetUpdateStrategyType: ['RollingUpdate', 'OnDelete'],
} as const satisfies TypeTable
