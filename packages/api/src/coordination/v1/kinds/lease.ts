import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Lease = TypeOf<'coordination.v1.Lease'>
export type LeaseList = ListOf<Lease>

/** Something one party holds for a time: leadership, or a sign of life. */
export const Lease: Kind<Lease> = defineKind('coordination.v1.Lease', {
  plural: 'leases',
  columns: [nameColumn, column('Holder', 'string', 'Who holds it.', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
  strategy: { allowUnconditionalUpdate: false, allowCreateOnUpdate: true },
})
