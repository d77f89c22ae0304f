import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ResourceSlice = TypeOf<'resource.v1.ResourceSlice'>
export type ResourceSliceList = ListOf<ResourceSlice>

/** Devices a driver has to give. */
export const ResourceSlice: Kind<ResourceSlice> = defineKind('resource.v1.ResourceSlice', {
  plural: 'resourceslices',
  scope: 'Cluster',
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.driver': ({ spec }) => spec?.driver ?? '',
  },
  columns: [
    nameColumn,
    column('Node', 'string', 'The node that has the devices.', ({ spec }) => spec?.nodeName ?? ''),
    column('Driver', 'string', 'The driver.', ({ spec }) => spec?.driver ?? ''),
    column('Pool', 'string', 'The pool they belong to.', ({ spec }) => spec?.pool.name ?? ''),
    ageColumn,
  ],
  strategy: { generation: 'spec', returnDeletedObject: true, warningsOnCreate: warnings, warningsOnUpdate: warnings },
})

function warnings({ spec }: ResourceSlice): string[] {
  if (!spec || spec.driver === spec.driver.toLowerCase()) return []
  return [`spec.driver: driver names should be lowercase; "${spec.driver}" contains uppercase characters`]
}
