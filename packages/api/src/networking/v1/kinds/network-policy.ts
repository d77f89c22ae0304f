import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type NetworkPolicy = TypeOf<'networking.v1.NetworkPolicy'>
export type NetworkPolicyList = ListOf<NetworkPolicy>

export const NetworkPolicy: Kind<NetworkPolicy> = defineKind('networking.v1.NetworkPolicy', {
  plural: 'networkpolicies',
  shortNames: ['netpol'],
})
