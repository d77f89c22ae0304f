import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Binding = TypeOf<'core.v1.Binding'>

/** Places a pod on a node: a request only. */
export const Binding: Kind<Binding> = defineKind('core.v1.Binding', {
  plural: 'bindings',
  stored: false,
})
