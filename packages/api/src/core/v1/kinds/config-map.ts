import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ConfigMap = TypeOf<'core.v1.ConfigMap'>
export type ConfigMapList = ListOf<ConfigMap>

/** Configuration for pods to read. */
export const ConfigMap: Kind<ConfigMap> = defineKind('core.v1.ConfigMap', {
  plural: 'configmaps',
  shortNames: ['cm'],
  columns: [
    nameColumn,
    column(
      'Data',
      'string',
      'How many entries there are.',
      ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length,
    ),
    ageColumn,
  ],
})
