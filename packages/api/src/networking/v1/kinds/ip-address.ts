import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type IPAddress = TypeOf<'networking.v1.IPAddress'>
export type IPAddressList = ListOf<IPAddress>

export const IPAddress: Kind<IPAddress> = defineKind('networking.v1.IPAddress', {
  plural: 'ipaddresses',
  shortNames: ['ip'],
  scope: 'Cluster',
})
