import { FieldPath, formatTime, Quantity } from '@treeline/machinery'
import { orUnset } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { accessModesCell, storageClassOf } from '../volume-cells.js'
import { nodeSelectorTermWarnings } from '../warnings/node-label-warnings.js'
import { formerVolumePlugins, volumeAnnotationWarnings } from '../warnings/volume-warnings.js'

export type PersistentVolume = TypeOf<'core.v1.PersistentVolume'>
export type PersistentVolumeList = ListOf<PersistentVolume>

/** Storage that outlives pods, as the cluster has it. */
export const PersistentVolume: Kind<PersistentVolume> = defineKind('core.v1.PersistentVolume', {
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  scope: 'Cluster',
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Capacity', 'string', 'How much it holds.', ({ spec }) => Quantity.parse(spec?.capacity?.['storage'] ?? '0').toString()),
    column('Access Modes', 'string', 'In which ways it can be mounted.', ({ spec }) => accessModesCell(spec?.accessModes)),
    column(
      'Reclaim Policy',
      'string',
      'What becomes of it when its claim is gone.',
      ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '',
    ),
    column('Status', 'string', 'Whether it is free, bound or in trouble.', ({ metadata, status }) =>
      metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    ),
    column('Claim', 'string', 'The claim it is bound to.', ({ spec }) =>
      spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
    ),
    column('StorageClass', 'string', 'The class it belongs to.', (volume) => storageClassOf(volume, volume.spec?.storageClassName)),
    column('VolumeAttributesClass', 'string', 'The class its changeable attributes come from.', ({ spec }) =>
      orUnset(spec?.volumeAttributesClassName),
    ),
    column('Reason', 'string', 'Why it is in its state, in one word.', ({ status }) => status?.reason ?? ''),
    ageColumn,
    wideColumn('VolumeMode', 'string', 'Whether it holds a file system or is a raw device.', ({ spec }) => orUnset(spec?.volumeMode)),
  ],
  strategy: {
    returnDeletedObject: true,
    prepareForCreate(volume, { now = new Date() } = {}) {
      volume.status = { phase: 'Pending', lastPhaseTransitionTime: formatTime(now) }
    },
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
    prepareForStatusUpdate(volume, old, { now = new Date() } = {}) {
      volume.status ??= {}
      const { status } = volume
      const before = old.status?.lastPhaseTransitionTime
      if (status.phase === old.status?.phase) status.lastPhaseTransitionTime ??= before
      else if (status.lastPhaseTransitionTime === undefined || status.lastPhaseTransitionTime === before) {
        status.lastPhaseTransitionTime = formatTime(now)
      }
    },
  },
})

function warnings({ metadata, spec }: PersistentVolume): string[] {
  const terms = FieldPath.root('spec').child('nodeAffinity').child('required').child('nodeSelectorTerms')
  return [
    ...volumeAnnotationWarnings(metadata),
    ...(spec?.persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...(spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, index) =>
      nodeSelectorTermWarnings(term, terms.index(index), false),
    ),
    ...formerVolumePlugins(spec ?? {}, FieldPath.root('spec')),
  ]
}
