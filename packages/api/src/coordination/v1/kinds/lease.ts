import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Lease = TypeOf<'coordination.v1.Lease'>
export type LeaseList = ListOf<Lease>

export const Lease: Kind<Lease> = defineKind('coordination.v1.Lease', {
  plural: 'leases',
})
