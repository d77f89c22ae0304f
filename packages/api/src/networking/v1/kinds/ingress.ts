import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Ingress = TypeOf<'networking.v1.Ingress'>
export type IngressList = ListOf<Ingress>

export const Ingress: Kind<Ingress> = defineKind('networking.v1.Ingress', {
  plural: 'ingresses',
  shortNames: ['ing'],
  subresources: [statusSubresource],
  storagePrefix: 'ingress',
})
