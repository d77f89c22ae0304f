import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PriorityClass = TypeOf<'scheduling.v1.PriorityClass'>
export type PriorityClassList = ListOf<PriorityClass>

/** A name for how important pods are. */
export const PriorityClass: Kind<PriorityClass> = defineKind('scheduling.v1.PriorityClass', {
  plural: 'priorityclasses',
  shortNames: ['pc'],
  scope: 'Cluster',
  columns: [
    nameColumn,
    column('Value', 'integer', 'More is more important.', ({ value }) => value ?? 0),
    column('Global-Default', 'boolean', 'Whether pods have it that name no class.', ({ globalDefault }) => globalDefault ?? false),
    ageColumn,
    column('PreemptionPolicy', 'string', 'Whether its pods may drive out others.', ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ],
  // What counts cannot be changed.
  strategy: { generation: 'outside-metadata', generationCounts: () => undefined },
})
