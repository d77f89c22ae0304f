import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Endpoints = TypeOf<'core.v1.Endpoints'>
export type EndpointsList = ListOf<Endpoints>

export const Endpoints: Kind<Endpoints> = defineKind('core.v1.Endpoints', {
  plural: 'endpoints',
  shortNames: ['ep'],
  storagePrefix: 'services/endpoints',
})
