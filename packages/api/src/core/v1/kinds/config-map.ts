import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ConfigMap = TypeOf<'core.v1.ConfigMap'>
export type ConfigMapList = ListOf<ConfigMap>

export const ConfigMap: Kind<ConfigMap> = defineKind('core.v1.ConfigMap', {
  plural: 'configmaps',
  shortNames: ['cm'],
})
