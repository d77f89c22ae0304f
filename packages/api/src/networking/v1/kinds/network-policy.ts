import { selectorCell } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type NetworkPolicy = TypeOf<'networking.v1.NetworkPolicy'>
export type NetworkPolicyList = ListOf<NetworkPolicy>

/** Which traffic pods take and send. */
export const NetworkPolicy: Kind<NetworkPolicy> = defineKind('networking.v1.NetworkPolicy', {
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  columns: [nameColumn, column('Pod-Selector', 'string', 'Pods it is for.', ({ spec }) => selectorCell(spec?.podSelector)), ageColumn],
  strategy: { generation: 'spec' },
})
