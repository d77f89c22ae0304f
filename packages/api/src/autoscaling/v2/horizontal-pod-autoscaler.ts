import type { TypeTable } from '../../declaration/type-table.js'

export const horizontalPodAutoscalerTypes = {
  HorizontalPodAutoscaler: {
    $: { object: true, about: 'Changes the number of pods of a workload with what they do.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['HorizontalPodAutoscalerSpec', 2],
    status: ['HorizontalPodAutoscalerStatus', 3],
  },
  HorizontalPodAutoscalerBehavior: {
    scaleUp: ['HPAScalingRules?', 1],
    scaleDown: ['HPAScalingRules?', 2],
  },
  HorizontalPodAutoscalerCondition: {
    type: ['HorizontalPodAutoscalerConditionType!', 1],
    status: ['core.v1.ConditionStatus!', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  HorizontalPodAutoscalerSpec: {
    scaleTargetRef: ['CrossVersionObjectReference!', 1, { about: 'What it scales.' }],
    minReplicas: ['int32?', 2, { about: 'The least number of pods.' }],
    maxReplicas: ['int32!', 3, { about: 'The greatest number of pods.' }],
    metrics: ['MetricSpec[]', 4, { about: 'What is measured, and what is aimed at.' }],
    behavior: ['HorizontalPodAutoscalerBehavior?', 5, { about: 'How fast it goes up and down.' }],
  },
  HorizontalPodAutoscalerStatus: {
    observedGeneration: ['int64?', 1],
    lastScaleTime: ['Time?', 2],
    currentReplicas: ['int32', 3],
    desiredReplicas: ['int32!', 4],
    currentMetrics: ['MetricStatus[]', 5, { empty: 'encoded' }],
    conditions: ['HorizontalPodAutoscalerCondition[]', 6, { keys: ['type'], merge: 'type' }],
  },
  HPAScalingPolicy: {
    type: ['HPAScalingPolicyType!', 1],
    value: ['int32!', 2],
    periodSeconds: ['int32!', 3],
  },
  HPAScalingRules: {
    stabilizationWindowSeconds: ['int32?', 3],
    selectPolicy: ['ScalingPolicySelect?', 1],
    policies: ['HPAScalingPolicy[]', 2],
    tolerance: ['Quantity?', 4],
  },
  HorizontalPodAutoscalerConditionType: ['ScalingActive', 'AbleToScale', 'ScalingLimited', '*'],
  HPAScalingPolicyType: ['Pods', 'Percent', '*'],
  ScalingPolicySelect: ['Max', 'Min', 'Disabled', '*'],
} as const satisfies TypeTable
