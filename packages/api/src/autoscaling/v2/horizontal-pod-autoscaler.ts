import type { TypeTable } from '../../declaration/type-table.js'

export const horizontalPodAutoscalerTypes = {
  HorizontalPodAutoscaler: {
    $: { object: true },
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
    scaleTargetRef: ['CrossVersionObjectReference!', 1],
    minReplicas: ['int32?', 2],
    maxReplicas: ['int32!', 3],
    metrics: ['MetricSpec[]', 4],
    behavior: ['HorizontalPodAutoscalerBehavior?', 5],
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
