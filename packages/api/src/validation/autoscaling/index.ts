import { toV2 } from '../../autoscaling/v1/conversion.js'
import type { ValidationsTable } from '../../declaration/validations.js'
import { autoscalerValidation, checkAutoscaler, checkAutoscalerStatus } from './horizontal-pod-autoscaler.js'

/** Version 1 is checked as what version 2 makes of it. */
export const autoscalingValidations: ValidationsTable = {
  'autoscaling.v1.HorizontalPodAutoscaler': {
    validate: (autoscaler) => checkAutoscaler(toV2(autoscaler)),
    validateUpdate: (autoscaler, old) => checkAutoscaler(toV2(autoscaler), toV2(old)),
    validateStatusUpdate: (autoscaler) => checkAutoscalerStatus(toV2(autoscaler)),
  },
  'autoscaling.v2.HorizontalPodAutoscaler': autoscalerValidation,
}
