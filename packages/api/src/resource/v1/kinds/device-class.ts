import { ageColumn, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type DeviceClass = TypeOf<'resource.v1.DeviceClass'>
export type DeviceClassList = ListOf<DeviceClass>

/** A sort of devices that can be asked for by name. */
export const DeviceClass: Kind<DeviceClass> = defineKind('resource.v1.DeviceClass', {
  plural: 'deviceclasses',
  scope: 'Cluster',
  columns: [nameColumn, ageColumn],
  strategy: { generation: 'spec', returnDeletedObject: true },
})
