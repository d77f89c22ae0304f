import type { ListOf, TypeOf } from '../../declaration/type-of.js'

export type CoordinatedLeaseStrategy = TypeOf<'coordination.v1.CoordinatedLeaseStrategy'>
export type Lease = TypeOf<'coordination.v1.Lease'>
export type LeaseList = ListOf<Lease>
export type LeaseSpec = TypeOf<'coordination.v1.LeaseSpec'>
