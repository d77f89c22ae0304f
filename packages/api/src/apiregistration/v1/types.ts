import type { TypeOf } from '../../declaration/type-of.js'

export type ApiregistrationV1ConditionStatus = TypeOf<'apiregistration.v1.ConditionStatus'>
export type ApiregistrationV1ServiceReference = TypeOf<'apiregistration.v1.ServiceReference'>
export type APIServiceCondition = TypeOf<'apiregistration.v1.APIServiceCondition'>
export type APIServiceConditionType = TypeOf<'apiregistration.v1.APIServiceConditionType'>
export type APIServiceSpec = TypeOf<'apiregistration.v1.APIServiceSpec'>
export type APIServiceStatus = TypeOf<'apiregistration.v1.APIServiceStatus'>
