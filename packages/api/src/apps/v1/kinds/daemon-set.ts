import { deepEqual } from '@treeline/machinery'
import { templateColumns } from '../../../core/v1/template-columns.js'
import { podTemplateWarnings } from '../../../core/v1/warnings/pod-warnings.js'
import { labelsCell, selectorCell } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { countTemplateGeneration, startTemplateGeneration } from '../template-generation.js'

export type DaemonSet = TypeOf<'apps.v1.DaemonSet'>
export type DaemonSetList = ListOf<DaemonSet>

/** Keeps one pod running on every node that fits. */
export const DaemonSet: Kind<DaemonSet> = defineKind('apps.v1.DaemonSet', {
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Desired', 'integer', 'Nodes that should run a pod.', ({ status }) => status?.desiredNumberScheduled ?? 0),
    column('Current', 'integer', 'Nodes that do.', ({ status }) => status?.currentNumberScheduled ?? 0),
    column('Ready', 'integer', 'Nodes whose pod is ready.', ({ status }) => status?.numberReady ?? 0),
    column(
      'Up-to-date',
      'integer',
      'Nodes whose pod is made from the newest template.',
      ({ status }) => status?.updatedNumberScheduled ?? 0,
    ),
    column('Available', 'integer', 'Nodes whose pod has been ready long enough.', ({ status }) => status?.numberAvailable ?? 0),
    column('Node Selector', 'string', 'Labels a node must have.', ({ spec }) => labelsCell(spec?.template?.spec?.nodeSelector)),
    ageColumn,
    ...templateColumns<DaemonSet>(({ spec }) => spec?.template),
    wideColumn('Selector', 'string', 'Which pods are its own.', ({ spec }) => selectorCell(spec?.selector)),
  ],
  strategy: {
    generation: 'spec',
    prepareForCreate: startTemplateGeneration,
    prepareForUpdate: countTemplateGeneration,
    warningsOnCreate: ({ spec }) => podTemplateWarnings('spec.template', spec?.template),
    warningsOnUpdate: ({ spec }, old) =>
      deepEqual(spec?.template, old.spec?.template) ? [] : podTemplateWarnings('spec.template', spec?.template),
  },
})
