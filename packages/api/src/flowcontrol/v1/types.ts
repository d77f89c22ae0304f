import type { TypeOf } from '../../declaration/type-of.js'

export type ExemptPriorityLevelConfiguration = TypeOf<'flowcontrol.v1.ExemptPriorityLevelConfiguration'>
export type FlowcontrolV1ConditionStatus = TypeOf<'flowcontrol.v1.ConditionStatus'>
export type FlowcontrolV1Subject = TypeOf<'flowcontrol.v1.Subject'>
export type FlowDistinguisherMethod = TypeOf<'flowcontrol.v1.FlowDistinguisherMethod'>
export type FlowDistinguisherMethodType = TypeOf<'flowcontrol.v1.FlowDistinguisherMethodType'>
export type FlowSchemaCondition = TypeOf<'flowcontrol.v1.FlowSchemaCondition'>
export type FlowSchemaSpec = TypeOf<'flowcontrol.v1.FlowSchemaSpec'>
export type FlowSchemaStatus = TypeOf<'flowcontrol.v1.FlowSchemaStatus'>
export type GroupSubject = TypeOf<'flowcontrol.v1.GroupSubject'>
export type LimitedPriorityLevelConfiguration = TypeOf<'flowcontrol.v1.LimitedPriorityLevelConfiguration'>
export type LimitResponse = TypeOf<'flowcontrol.v1.LimitResponse'>
export type LimitResponseType = TypeOf<'flowcontrol.v1.LimitResponseType'>
export type NonResourcePolicyRule = TypeOf<'flowcontrol.v1.NonResourcePolicyRule'>
export type PolicyRulesWithSubjects = TypeOf<'flowcontrol.v1.PolicyRulesWithSubjects'>
export type PriorityLevelConfigurationCondition = TypeOf<'flowcontrol.v1.PriorityLevelConfigurationCondition'>
export type PriorityLevelConfigurationReference = TypeOf<'flowcontrol.v1.PriorityLevelConfigurationReference'>
export type PriorityLevelConfigurationSpec = TypeOf<'flowcontrol.v1.PriorityLevelConfigurationSpec'>
export type PriorityLevelConfigurationStatus = TypeOf<'flowcontrol.v1.PriorityLevelConfigurationStatus'>
export type PriorityLevelEnablement = TypeOf<'flowcontrol.v1.PriorityLevelEnablement'>
export type QueuingConfiguration = TypeOf<'flowcontrol.v1.QueuingConfiguration'>
export type ResourcePolicyRule = TypeOf<'flowcontrol.v1.ResourcePolicyRule'>
export type ServiceAccountSubject = TypeOf<'flowcontrol.v1.ServiceAccountSubject'>
export type SubjectKind = TypeOf<'flowcontrol.v1.SubjectKind'>
export type UserSubject = TypeOf<'flowcontrol.v1.UserSubject'>
