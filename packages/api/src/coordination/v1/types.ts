import type { TypeOf } from '../../declaration/type-of.js'

export type CoordinatedLeaseStrategy = TypeOf<'coordination.v1.CoordinatedLeaseStrategy'>
export type LeaseSpec = TypeOf<'coordination.v1.LeaseSpec'>
