import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PodDisruptionBudget = TypeOf<'policy.v1.PodDisruptionBudget'>
export type PodDisruptionBudgetList = ListOf<PodDisruptionBudget>

/** How many of a set of pods may be away at once when that can be chosen. */
export const PodDisruptionBudget: Kind<PodDisruptionBudget> = defineKind('policy.v1.PodDisruptionBudget', {
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Min Available', 'string', 'Pods that must stay.', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    column('Max Unavailable', 'string', 'Pods that may be away.', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
    column('Allowed Disruptions', 'integer', 'Pods that may be evicted now.', ({ status }) => status?.disruptionsAllowed ?? 0),
    ageColumn,
  ],
  strategy: { nameRule: 'path-segment', generation: 'spec', allowUnconditionalUpdate: false },
})
