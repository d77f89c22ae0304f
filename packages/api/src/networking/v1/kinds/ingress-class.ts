import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type IngressClass = TypeOf<'networking.v1.IngressClass'>
export type IngressClassList = ListOf<IngressClass>

export const IngressClass: Kind<IngressClass> = defineKind('networking.v1.IngressClass', {
  plural: 'ingressclasses',
  scope: 'Cluster',
})
