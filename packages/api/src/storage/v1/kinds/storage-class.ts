import { deprecatedNodeLabels } from '../../../core/v1/warnings/node-label-warnings.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type StorageClass = TypeOf<'storage.v1.StorageClass'>
export type StorageClassList = ListOf<StorageClass>

const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

/** A sort of storage, and who makes volumes of it. */
export const StorageClass: Kind<StorageClass> = defineKind('storage.v1.StorageClass', {
  plural: 'storageclasses',
  shortNames: ['sc'],
  scope: 'Cluster',
  columns: [
    {
      ...nameColumn,
      cell: ({ metadata }) => {
        const isDefault = defaultAnnotations.some((annotation) => metadata.annotations?.[annotation] === 'true')
        return isDefault ? `${metadata.name} (default)` : (metadata.name ?? '')
      },
    },
    column('Provisioner', 'string', 'Who makes its volumes.', ({ provisioner }) => provisioner),
    column('ReclaimPolicy', 'string', 'What becomes of a volume when its claim is gone.', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    column(
      'VolumeBindingMode',
      'string',
      'When a volume is made: at once, or for the first pod.',
      ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate',
    ),
    column('AllowVolumeExpansion', 'string', 'Whether volumes may grow.', ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
    ageColumn,
  ],
  strategy: { returnDeletedObject: true, warningsOnCreate: warnings, warningsOnUpdate: warnings },
})

function warnings({ allowedTopologies }: StorageClass): string[] {
  return (allowedTopologies ?? []).flatMap(({ matchLabelExpressions }, term) =>
    (matchLabelExpressions ?? []).flatMap(({ key }, index) => {
      const text = deprecatedNodeLabels[key]
      return text ? [`allowedTopologies[${term}].matchLabelExpressions[${index}].key: ${text}`] : []
    }),
  )
}
