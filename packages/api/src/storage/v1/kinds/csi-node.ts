import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CSINode = TypeOf<'storage.v1.CSINode'>
export type CSINodeList = ListOf<CSINode>

/** The storage drivers a node has. */
export const CSINode: Kind<CSINode> = defineKind('storage.v1.CSINode', {
  plural: 'csinodes',
  scope: 'Cluster',
  columns: [nameColumn, column('Drivers', 'integer', 'How many drivers.', ({ spec }) => spec.drivers?.length ?? 0), ageColumn],
  strategy: { allowUnconditionalUpdate: false, returnDeletedObject: true },
})
