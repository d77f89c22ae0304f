import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ResourceQuota = TypeOf<'core.v1.ResourceQuota'>
export type ResourceQuotaList = ListOf<ResourceQuota>

export const ResourceQuota: Kind<ResourceQuota> = defineKind('core.v1.ResourceQuota', {
  plural: 'resourcequotas',
  shortNames: ['quota'],
  subresources: [statusSubresource],
})
