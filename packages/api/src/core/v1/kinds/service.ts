import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Service = TypeOf<'core.v1.Service'>
export type ServiceList = ListOf<Service>

export const Service: Kind<Service> = defineKind('core.v1.Service', {
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  subresources: [
    {
      name: 'proxy',
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
      gvk: { group: '', version: 'v1', kind: 'ServiceProxyOptions' },
    },
    statusSubresource,
  ],
  storagePrefix: 'services/specs',
})
