import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ResourceClaim = TypeOf<'resource.v1.ResourceClaim'>
export type ResourceClaimList = ListOf<ResourceClaim>

export const ResourceClaim: Kind<ResourceClaim> = defineKind('resource.v1.ResourceClaim', {
  plural: 'resourceclaims',
  subresources: [statusSubresource],
})
