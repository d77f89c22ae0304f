import { orNone } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { cidrWarnings, listWarnings } from '../warnings/address-warnings.js'

export type Node = TypeOf<'core.v1.Node'>
export type NodeList = ListOf<Node>

/** A machine that runs pods. */
export const Node: Kind<Node> = defineKind('core.v1.Node', {
  plural: 'nodes',
  shortNames: ['no'],
  scope: 'Cluster',
  subresources: [
    { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], gvk: { group: '', version: 'v1', kind: 'NodeProxyOptions' } },
    statusSubresource,
  ],
  storagePrefix: 'minions',
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec?.unschedulable ?? false) },
  columns: [
    nameColumn,
    column('Status', 'string', 'Whether the node is ready, and whether it takes new pods.', statusCell),
    column('Roles', 'string', 'From labels node-role.kubernetes.io/ROLE.', rolesCell),
    ageColumn,
    column('Version', 'string', 'Version of the node agent.', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
    wideColumn('Internal-IP', 'string', 'Address inside the network of the cluster.', (node) => addressCell(node, 'InternalIP')),
    wideColumn('External-IP', 'string', 'Address reachable from outside.', (node) => addressCell(node, 'ExternalIP')),
    wideColumn('OS-Image', 'string', 'Operating system of the node.', ({ status }) => status?.nodeInfo?.osImage || '<unknown>'),
    wideColumn('Kernel-Version', 'string', 'Version of its kernel.', ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>'),
    wideColumn(
      'Container-Runtime',
      'string',
      'Runtime and its version.',
      ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>',
    ),
  ],
  strategy: {
    // Node agents register with their status.
    mayWriteStatus: 'on-create',
    prepareForCreate(node) {
      delete node.spec?.configSource
      delete node.status?.config
    },
    prepareForUpdate(node, old) {
      if (!old.spec?.configSource) delete node.spec?.configSource
    },
    prepareForStatusUpdate(node, old) {
      if (!old.status?.config) delete node.status?.config
    },
    warningsOnCreate: warnings,
    warningsOnUpdate: warnings,
  },
})

function statusCell({ spec, status }: Node): string {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready')
  const state = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state
}

const rolePrefix = 'node-role.kubernetes.io/'

function rolesCell({ metadata }: Node): string {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role' && value) roles.add(value)
  }
  return orNone([...roles].sort().join(','))
}

const addressCell = ({ status }: Node, type: string): string => orNone(status?.addresses?.find((address) => address.type === type)?.address)

function warnings({ spec }: Node): string[] {
  const found: string[] = []
  if (spec?.configSource) found.push('spec.configSource: the feature is removed')
  if (spec?.externalID) found.push('spec.externalID: this field is deprecated, and is unused by Kubernetes')
  return [...found, ...listWarnings(spec?.podCIDRs, 'spec.podCIDRs', cidrWarnings)]
}
