import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ServiceAccount = TypeOf<'core.v1.ServiceAccount'>
export type ServiceAccountList = ListOf<ServiceAccount>

export const ServiceAccount: Kind<ServiceAccount> = defineKind('core.v1.ServiceAccount', {
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  subresources: [{ name: 'token', verbs: ['create'], gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } }],
})
