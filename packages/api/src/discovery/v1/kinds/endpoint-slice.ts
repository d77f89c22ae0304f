import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type EndpointSlice = TypeOf<'discovery.v1.EndpointSlice'>
export type EndpointSliceList = ListOf<EndpointSlice>

export const EndpointSlice: Kind<EndpointSlice> = defineKind('discovery.v1.EndpointSlice', {
  plural: 'endpointslices',
})
