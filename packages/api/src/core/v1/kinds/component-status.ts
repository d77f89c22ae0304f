import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ComponentStatus = TypeOf<'core.v1.ComponentStatus'>
export type ComponentStatusList = ListOf<ComponentStatus>

export const ComponentStatus: Kind<ComponentStatus> = defineKind('core.v1.ComponentStatus', {
  plural: 'componentstatuses',
  shortNames: ['cs'],
  scope: 'Cluster',
  verbs: ['get', 'list'],
})
