import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Secret = TypeOf<'core.v1.Secret'>
export type SecretList = ListOf<Secret>

export const Secret: Kind<Secret> = defineKind('core.v1.Secret', {
  plural: 'secrets',
})
