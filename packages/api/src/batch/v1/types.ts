import type { TypeOf } from '../../declaration/type-of.js'

export type CompletionMode = TypeOf<'batch.v1.CompletionMode'>
export type ConcurrencyPolicy = TypeOf<'batch.v1.ConcurrencyPolicy'>
export type CronJobSpec = TypeOf<'batch.v1.CronJobSpec'>
export type CronJobStatus = TypeOf<'batch.v1.CronJobStatus'>
export type JobCondition = TypeOf<'batch.v1.JobCondition'>
export type JobConditionType = TypeOf<'batch.v1.JobConditionType'>
export type JobSpec = TypeOf<'batch.v1.JobSpec'>
export type JobStatus = TypeOf<'batch.v1.JobStatus'>
export type JobTemplateSpec = TypeOf<'batch.v1.JobTemplateSpec'>
export type PodFailurePolicy = TypeOf<'batch.v1.PodFailurePolicy'>
export type PodFailurePolicyAction = TypeOf<'batch.v1.PodFailurePolicyAction'>
export type PodFailurePolicyOnExitCodesOperator = TypeOf<'batch.v1.PodFailurePolicyOnExitCodesOperator'>
export type PodFailurePolicyOnExitCodesRequirement = TypeOf<'batch.v1.PodFailurePolicyOnExitCodesRequirement'>
export type PodFailurePolicyOnPodConditionsPattern = TypeOf<'batch.v1.PodFailurePolicyOnPodConditionsPattern'>
export type PodFailurePolicyRule = TypeOf<'batch.v1.PodFailurePolicyRule'>
export type PodReplacementPolicy = TypeOf<'batch.v1.PodReplacementPolicy'>
export type SuccessPolicy = TypeOf<'batch.v1.SuccessPolicy'>
export type SuccessPolicyRule = TypeOf<'batch.v1.SuccessPolicyRule'>
export type UncountedTerminatedPods = TypeOf<'batch.v1.UncountedTerminatedPods'>
