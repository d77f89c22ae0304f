import type { TypeTable } from '../../declaration/type-table.js'

export const horizontalPodAutoscalerTypes = {
  HorizontalPodAutoscaler: {
    $: { object: true, about: 'The first version, which knows processor time only; the rest is in annotations.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['HorizontalPodAutoscalerSpec', 2],
    status: ['HorizontalPodAutoscalerStatus', 3],
  },
  HorizontalPodAutoscalerSpec: {
    scaleTargetRef: ['CrossVersionObjectReference!', 1],
    minReplicas: ['int32?', 2],
    maxReplicas: ['int32!', 3],
    targetCPUUtilizationPercentage: ['int32?', 4],
  },
  HorizontalPodAutoscalerStatus: {
    observedGeneration: ['int64?', 1],
    lastScaleTime: ['Time?', 2],
    currentReplicas: ['int32!', 3],
    desiredReplicas: ['int32!', 4],
    currentCPUUtilizationPercentage: ['int32?', 5],
  },
} as const satisfies TypeTable
