import { firstFew, orNone } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Ingress = TypeOf<'networking.v1.Ingress'>
export type IngressList = ListOf<Ingress>

/** Rules by which HTTP requests from outside reach services. */
export const Ingress: Kind<Ingress> = defineKind('networking.v1.Ingress', {
  plural: 'ingresses',
  shortNames: ['ing'],
  subresources: [statusSubresource],
  storagePrefix: 'ingress',
  columns: [
    nameColumn,
    column('Class', 'string', 'Who serves it.', ({ spec }) => orNone(spec?.ingressClassName)),
    column('Hosts', 'string', 'The first host names it is for.', hostsCell),
    column('Address', 'string', 'Where it is reached.', addressCell),
    column('Ports', 'string', 'Ports it is reached on.', ({ spec }) => (spec?.tls?.length ? '80, 443' : '80')),
    ageColumn,
  ],
  strategy: { generation: 'spec', warningsOnCreate: annotationWarnings },
})

const shown = 3

function hostsCell({ spec }: Ingress): string {
  const rules = spec?.rules ?? []
  // Rules without a host take a place among the first, but are not shown.
  const hosts = rules.map(({ host }) => host ?? '').filter((host) => host !== '')
  if (hosts.length === 0) return '*'
  return hosts.length >= shown && rules.length > shown
    ? `${hosts.slice(0, shown).join(',')} + ${rules.length - shown} more...`
    : firstFew(hosts, shown)
}

function addressCell({ status }: Ingress): string {
  const addresses = (status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip || hostname || '')
    .filter((address) => address !== '')
  return [...new Set(addresses)].sort().join(',')
}

const classAnnotation = 'kubernetes.io/ingress.class'

function annotationWarnings({ metadata, spec }: Ingress): string[] {
  if (metadata.annotations?.[classAnnotation] === undefined || spec?.ingressClassName !== undefined) return []
  return [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`]
}
