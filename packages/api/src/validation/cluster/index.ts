import type { ValidationsTable } from '../../declaration/validations.js'
import { apiServiceValidation } from './api-service.js'
import { leaseValidation } from './lease.js'
import { podDisruptionBudgetValidation } from './pod-disruption-budget.js'
import { priorityClassValidation } from './priority-class.js'
import { runtimeClassValidation } from './runtime-class.js'

export const clusterValidations: ValidationsTable = {
  'apiregistration.v1.APIService': apiServiceValidation,
  'coordination.v1.Lease': leaseValidation,
  'node.v1.RuntimeClass': runtimeClassValidation,
  'policy.v1.PodDisruptionBudget': podDisruptionBudgetValidation,
  'scheduling.v1.PriorityClass': priorityClassValidation,
}
