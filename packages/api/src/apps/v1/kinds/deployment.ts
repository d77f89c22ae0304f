import { labelSelectorFrom } from '@treeline/machinery'
import { templateColumns } from '../../../core/v1/template-columns.js'
import { podNameWarnings } from '../../../core/v1/warnings/name-warnings.js'
import { podTemplateWarnings, specChanged } from '../../../core/v1/warnings/pod-warnings.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Deployment = TypeOf<'apps.v1.Deployment'>
export type DeploymentList = ListOf<Deployment>

/** Keeps a number of equal pods running and replaces them step by step when their template changes. */
export const Deployment: Kind<Deployment> = defineKind('apps.v1.Deployment', {
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
  columns: [
    nameColumn,
    column(
      'Ready',
      'string',
      'Pods that are ready, of those asked for.',
      ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    ),
    column('Up-to-date', 'string', 'Pods made from the newest template.', ({ status }) => status?.updatedReplicas ?? 0),
    column('Available', 'string', 'Pods that have been ready long enough.', ({ status }) => status?.availableReplicas ?? 0),
    ageColumn,
    ...templateColumns<Deployment>(({ spec }) => spec?.template),
    wideColumn('Selector', 'string', 'Which pods are its own.', ({ spec }) =>
      spec?.selector ? labelSelectorFrom(spec.selector).toString() : '',
    ),
  ],
  strategy: {
    generation: 'spec',
    generationCounts: ({ spec, metadata }) => [spec, metadata.annotations ?? {}],
    prepareForStatusUpdate: (deployment, old) => restoreMetadata(deployment, old, ['labels']),
    resetFields: { '': ['status'], status: ['spec', 'metadata.labels'] },
    warningsOnCreate: ({ metadata, spec }) => [
      ...podNameWarnings(metadata.name, 'Pod names and hostnames'),
      ...podTemplateWarnings('spec.template', spec?.template),
    ],
    warningsOnUpdate: (object, old) => (specChanged(object, old) ? podTemplateWarnings('spec.template', object.spec?.template) : []),
  },
})
