import { labelsCell, orNone } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { dropFieldsOfFormerType } from '../service-type-change.js'
import { serviceWarnings } from '../warnings/service-warnings.js'

export type Service = TypeOf<'core.v1.Service'>
export type ServiceList = ListOf<Service>

/** A name and an address in front of pods that come and go. */
export const Service: Kind<Service> = defineKind('core.v1.Service', {
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  subresources: [
    {
      name: 'proxy',
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
      gvk: { group: '', version: 'v1', kind: 'ServiceProxyOptions' },
    },
    statusSubresource,
  ],
  storagePrefix: 'services/specs',
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec?.clusterIP ?? '',
    'spec.type': ({ spec }) => spec?.type ?? '',
  },
  columns: [
    nameColumn,
    column('Type', 'string', 'From where the service can be reached.', ({ spec }) => spec?.type ?? ''),
    column('Cluster-IP', 'string', 'Its address inside the cluster.', ({ spec }) => orNone(spec?.clusterIPs?.[0])),
    column('External-IP', 'string', 'Addresses by which it is reached from outside.', externalAddresses),
    column('Port(s)', 'string', 'Ports it listens on, and ports of the nodes that lead to them.', ports),
    ageColumn,
    wideColumn('Selector', 'string', 'Labels of the pods behind it.', ({ spec }) => labelsCell(spec?.selector)),
  ],
  strategy: {
    nameRule: 'dns-1035-label',
    allowCreateOnUpdate: true,
    returnDeletedObject: true,
    prepareForUpdate: dropFieldsOfFormerType,
    warningsOnCreate: serviceWarnings,
    warningsOnUpdate: serviceWarnings,
  },
})

function externalAddresses({ spec, status }: Service): string {
  const external = spec?.externalIPs ?? []
  switch (spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return orNone(external.join(','))
    case 'LoadBalancer': {
      const balancer = (status?.loadBalancer?.ingress ?? [])
        .map(({ ip, hostname }) => ip || hostname || '')
        .filter((address) => address !== '')
      return [...[...new Set(balancer)].sort(), ...external].join(',') || '<pending>'
    }
    case 'ExternalName':
      return spec.externalName ?? ''
    default:
      return '<unknown>'
  }
}

function ports({ spec }: Service): string {
  const entries = (spec?.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  )
  return orNone(entries.join(','))
}
