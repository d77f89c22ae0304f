import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type RuntimeClass = TypeOf<'node.v1.RuntimeClass'>
export type RuntimeClassList = ListOf<RuntimeClass>

export const RuntimeClass: Kind<RuntimeClass> = defineKind('node.v1.RuntimeClass', {
  plural: 'runtimeclasses',
  scope: 'Cluster',
})
