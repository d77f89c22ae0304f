import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CSIDriver = TypeOf<'storage.v1.CSIDriver'>
export type CSIDriverList = ListOf<CSIDriver>

export const CSIDriver: Kind<CSIDriver> = defineKind('storage.v1.CSIDriver', {
  plural: 'csidrivers',
  scope: 'Cluster',
})
