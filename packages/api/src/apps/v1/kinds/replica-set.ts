import { templateColumns } from '../../../core/v1/template-columns.js'
import { podNameWarnings } from '../../../core/v1/warnings/name-warnings.js'
import { podTemplateWarnings, specChanged } from '../../../core/v1/warnings/pod-warnings.js'
import { selectorCell } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ReplicaSet = TypeOf<'apps.v1.ReplicaSet'>
export type ReplicaSetList = ListOf<ReplicaSet>

/** Keeps a number of equal pods running. */
export const ReplicaSet: Kind<ReplicaSet> = defineKind('apps.v1.ReplicaSet', {
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  columns: [
    nameColumn,
    column('Desired', 'integer', 'Pods asked for.', ({ spec }) => spec?.replicas ?? 0),
    column('Current', 'integer', 'Pods there are.', ({ status }) => status?.replicas ?? 0),
    column('Ready', 'integer', 'Pods that are ready.', ({ status }) => status?.readyReplicas ?? 0),
    ageColumn,
    ...templateColumns<ReplicaSet>(({ spec }) => spec?.template),
    wideColumn('Selector', 'string', 'Which pods are its own.', ({ spec }) => selectorCell(spec?.selector)),
  ],
  strategy: {
    generation: 'spec',
    warningsOnCreate: ({ metadata, spec }) => [
      ...podNameWarnings(metadata.name, 'Pod names and hostnames'),
      ...podTemplateWarnings('spec.template', spec?.template),
    ],
    warningsOnUpdate: (object, old) => (specChanged(object, old) ? podTemplateWarnings('spec.template', object.spec?.template) : []),
  },
})
