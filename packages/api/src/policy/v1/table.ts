import { podDisruptionBudgetTypes } from './pod-disruption-budget.js'

/** Every declared type of policy.v1. */
export const policyV1Types = { ...podDisruptionBudgetTypes } as const
