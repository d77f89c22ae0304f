import type { DefaultsTable } from '../declaration/defaults.js'
import type { TypeOf } from '../declaration/type-of.js'

type ScalingRules = TypeOf<'autoscaling.v2.HPAScalingRules'>

const scaleUp: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}

const scaleDown: ScalingRules = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

const cpuAtEightyPercent: TypeOf<'autoscaling.v2.MetricSpec'> = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
}

export const autoscalingDefaults: DefaultsTable = {
  'autoscaling.v1.HorizontalPodAutoscalerSpec': { minReplicas: 1 },
  'autoscaling.v2.HorizontalPodAutoscalerSpec': (spec) => {
    spec.minReplicas ??= 1
    if (!spec.metrics?.length) spec.metrics = [structuredClone(cpuAtEightyPercent)]
    // Only when behaviour is given at all; the controller knows the same values.
    if (spec.behavior) {
      spec.behavior.scaleUp = { ...structuredClone(scaleUp), ...spec.behavior.scaleUp }
      spec.behavior.scaleDown = { ...structuredClone(scaleDown), ...spec.behavior.scaleDown }
    }
  },
}
