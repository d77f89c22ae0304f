import { FieldPath } from '@treeline/machinery'
import { templateColumns } from '../../../core/v1/template-columns.js'
import { podTemplateWarnings, specChanged } from '../../../core/v1/warnings/pod-warnings.js'
import { claimWarnings } from '../../../core/v1/warnings/volume-warnings.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type StatefulSet = TypeOf<'apps.v1.StatefulSet'>
export type StatefulSetList = ListOf<StatefulSet>

/** Keeps numbered pods running, each with its own name and storage. */
export const StatefulSet: Kind<StatefulSet> = defineKind('apps.v1.StatefulSet', {
  plural: 'statefulsets',
  shortNames: ['sts'],
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
    ageColumn,
    ...templateColumns<StatefulSet>(({ spec }) => spec?.template),
  ],
  strategy: {
    generation: 'spec',
    warningsOnCreate: ({ spec }) => [...podTemplateWarnings('spec.template', spec?.template), ...warnings(spec, '')],
    warningsOnUpdate: (set, old) => [
      ...(specChanged(set, old) ? podTemplateWarnings('spec.template', set.spec?.template) : []),
      ...warnings(set.spec, '.Spec'),
    ],
  },
})

/** Upstream writes the path of a claim's spec in two ways. */
function warnings(spec: StatefulSet['spec'], claimPath: '' | '.Spec'): string[] {
  const claims = (spec?.volumeClaimTemplates ?? []).flatMap((claim, index) =>
    claimWarnings(claim.spec, FieldPath.root(`spec.volumeClaimTemplates[${index}]${claimPath}`)),
  )
  if ((spec?.revisionHistoryLimit ?? 0) >= 0) return claims
  return [...claims, 'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
}
