import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type APIService = TypeOf<'apiregistration.v1.APIService'>
export type APIServiceList = ListOf<APIService>

export const APIService: Kind<APIService> = defineKind('apiregistration.v1.APIService', {
  plural: 'apiservices',
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: [statusSubresource],
  storagePrefix: 'apiregistration.k8s.io/apiservices',
})
