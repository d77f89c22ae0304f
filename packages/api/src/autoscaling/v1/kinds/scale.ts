import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Scale = TypeOf<'autoscaling.v1.Scale'>

/** How many pods a workload has and should have: all of it that `scale` shows. */
export const Scale: Kind<Scale> = defineKind('autoscaling.v1.Scale', {
  plural: 'scales',
  stored: false,
  columns: [
    { ...nameColumn, format: '' },
    column('Desired', 'integer', 'Pods asked for.', ({ spec }) => spec?.replicas ?? 0),
    column('Available', 'integer', 'Pods there are.', ({ status }) => status?.replicas ?? 0),
    ageColumn,
  ],
})
