import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ServiceCIDR = TypeOf<'networking.v1.ServiceCIDR'>
export type ServiceCIDRList = ListOf<ServiceCIDR>

export const ServiceCIDR: Kind<ServiceCIDR> = defineKind('networking.v1.ServiceCIDR', {
  plural: 'servicecidrs',
  scope: 'Cluster',
  subresources: [statusSubresource],
})
