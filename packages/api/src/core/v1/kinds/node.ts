import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Node = TypeOf<'core.v1.Node'>
export type NodeList = ListOf<Node>

export const Node: Kind<Node> = defineKind('core.v1.Node', {
  plural: 'nodes',
  shortNames: ['no'],
  scope: 'Cluster',
  subresources: [
    { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], gvk: { group: '', version: 'v1', kind: 'NodeProxyOptions' } },
    statusSubresource,
  ],
  storagePrefix: 'minions',
})
