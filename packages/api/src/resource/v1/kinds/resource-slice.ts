import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ResourceSlice = TypeOf<'resource.v1.ResourceSlice'>
export type ResourceSliceList = ListOf<ResourceSlice>

export const ResourceSlice: Kind<ResourceSlice> = defineKind('resource.v1.ResourceSlice', {
  plural: 'resourceslices',
  scope: 'Cluster',
})
