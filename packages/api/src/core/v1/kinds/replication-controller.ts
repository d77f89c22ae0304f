import { labelsCell } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { templateColumns } from '../template-columns.js'
import { podNameWarnings } from '../warnings/name-warnings.js'
import { podTemplateWarnings, specChanged } from '../warnings/pod-warnings.js'

export type ReplicationController = TypeOf<'core.v1.ReplicationController'>
export type ReplicationControllerList = ListOf<ReplicationController>

/** Keeps a number of pods running. ReplicaSet took its place. */
export const ReplicationController: Kind<ReplicationController> = defineKind('core.v1.ReplicationController', {
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  storagePrefix: 'controllers',
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  columns: [
    nameColumn,
    column('Desired', 'integer', 'Pods asked for.', ({ spec }) => spec?.replicas ?? 0),
    column('Current', 'integer', 'Pods there are.', ({ status }) => status?.replicas ?? 0),
    column('Ready', 'integer', 'Pods that are ready.', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns<ReplicationController>(({ spec }) => spec?.template),
    wideColumn('Selector', 'string', 'Labels of its pods.', ({ spec }) => labelsCell(spec?.selector)),
  ],
  strategy: {
    generation: 'spec',
    defaultPropagation: 'Orphan',
    warningsOnCreate: ({ metadata, spec }) => [
      ...podNameWarnings(metadata.name, 'Pod names and hostnames'),
      ...podTemplateWarnings('spec.template', spec?.template),
    ],
    warningsOnUpdate: (object, old) => (specChanged(object, old) ? podTemplateWarnings('spec.template', object.spec?.template) : []),
  },
})
