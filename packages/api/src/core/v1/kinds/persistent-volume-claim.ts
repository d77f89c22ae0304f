import { FieldPath, Quantity } from '@treeline/machinery'
import { orUnset } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { settleDataSource } from '../data-source.js'
import { accessModesCell, storageClassOf } from '../volume-cells.js'
import { claimWarnings, classAnnotation, volumeAnnotationWarnings } from '../warnings/volume-warnings.js'

export type PersistentVolumeClaim = TypeOf<'core.v1.PersistentVolumeClaim'>
export type PersistentVolumeClaimList = ListOf<PersistentVolumeClaim>

/** A request for storage, and what it got. */
export const PersistentVolumeClaim: Kind<PersistentVolumeClaim> = defineKind('core.v1.PersistentVolumeClaim', {
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Status', 'string', 'Whether it is bound.', ({ metadata, status }) =>
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    ),
    column('Volume', 'string', 'The volume it is bound to.', ({ spec }) => spec?.volumeName ?? ''),
    column('Capacity', 'string', 'How much the volume holds.', ({ spec, status }) =>
      spec?.volumeName ? Quantity.parse(status?.capacity?.['storage'] ?? '0').toString() : '',
    ),
    column('Access Modes', 'string', 'In which ways the volume can be mounted.', ({ spec, status }) =>
      spec?.volumeName ? accessModesCell(status?.accessModes) : '',
    ),
    column('StorageClass', 'string', 'The class asked for.', (claim) => storageClassOf(claim, claim.spec?.storageClassName)),
    column('VolumeAttributesClass', 'string', 'The class of changeable attributes asked for.', ({ spec }) =>
      orUnset(spec?.volumeAttributesClassName),
    ),
    ageColumn,
    wideColumn('VolumeMode', 'string', 'Whether a file system or a raw device is asked for.', ({ spec }) => orUnset(spec?.volumeMode)),
  ],
  strategy: {
    returnDeletedObject: true,
    prepareForCreate(claim) {
      claim.status = { phase: 'Pending' }
      settleDataSource(claim.spec)
    },
    prepareForUpdate: (claim, old) => settleDataSource(claim.spec, old.spec),
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
  },
})

function warnings({ metadata, spec }: PersistentVolumeClaim): string[] {
  return [...volumeAnnotationWarnings(metadata, [classAnnotation]), ...claimWarnings(spec, FieldPath.root('spec'))]
}
