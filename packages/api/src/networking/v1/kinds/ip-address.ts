import { column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type IPAddress = TypeOf<'networking.v1.IPAddress'>
export type IPAddressList = ListOf<IPAddress>

/** That an address is taken, and by whom; the name is the address. */
export const IPAddress: Kind<IPAddress> = defineKind('networking.v1.IPAddress', {
  plural: 'ipaddresses',
  shortNames: ['ip'],
  scope: 'Cluster',
  columns: [nameColumn, column('ParentRef', 'string', 'What the address belongs to.', parentCell)],
  strategy: { nameRule: 'ip-address' },
})

/** `RESOURCE[.GROUP]/[NAMESPACE/]NAME`. */
function parentCell({ spec }: IPAddress): string {
  const parent = spec?.parentRef
  if (!parent) return '<none>'
  const resource = [parent.resource, parent.group].filter((part) => part).join('.')
  return [resource.toLowerCase(), ...(parent.namespace ? [parent.namespace] : []), parent.name].join('/')
}
