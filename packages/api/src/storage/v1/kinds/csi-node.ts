import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CSINode = TypeOf<'storage.v1.CSINode'>
export type CSINodeList = ListOf<CSINode>

export const CSINode: Kind<CSINode> = defineKind('storage.v1.CSINode', {
  plural: 'csinodes',
  scope: 'Cluster',
})
