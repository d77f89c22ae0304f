import { cidrWarnings, listWarnings } from '../../../core/v1/warnings/address-warnings.js'
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
  strategy: { generation: 'spec', warningsOnCreate: rangeWarnings, warningsOnUpdate: rangeWarnings },
})

function rangeWarnings({ spec }: NetworkPolicy): string[] {
  const peers = [
    ...(spec?.ingress ?? []).map(({ from }, index) => ({ path: `spec.ingress[${index}].from`, peers: from })),
    ...(spec?.egress ?? []).map(({ to }, index) => ({ path: `spec.egress[${index}].to`, peers: to })),
  ]
  return peers.flatMap(({ path, peers }) =>
    (peers ?? []).flatMap(({ ipBlock }, index) => {
      if (!ipBlock) return []
      const block = `${path}[${index}].ipBlock`
      return [...cidrWarnings(ipBlock.cidr, `${block}.cidr`), ...listWarnings(ipBlock.except, `${block}.except`, cidrWarnings)]
    }),
  )
}
