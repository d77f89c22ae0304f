import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { ipWarnings } from '../warnings/address-warnings.js'

export type Endpoints = TypeOf<'core.v1.Endpoints'>
export type EndpointsList = ListOf<Endpoints>

/** The addresses behind a service, all in one object. EndpointSlice took its place. */
export const Endpoints: Kind<Endpoints> = defineKind('core.v1.Endpoints', {
  plural: 'endpoints',
  shortNames: ['ep'],
  storagePrefix: 'services/endpoints',
  deprecationWarning: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  columns: [nameColumn, column('Endpoints', 'string', 'The first addresses and ports.', endpointsCell), ageColumn],
  strategy: { allowCreateOnUpdate: true, warningsOnCreate: addressWarnings, warningsOnUpdate: addressWarnings },
})

const shown = 3

/** The server's own controller mends what it is given. */
function addressWarnings({ metadata, subsets }: Endpoints): string[] {
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return []
  return (subsets ?? []).flatMap((subset, index) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((name) =>
      (subset[name] ?? []).flatMap(({ ip }, at) => ipWarnings(ip, `subsets[${index}].${name}[${at}].ip`)),
    ),
  )
}

function endpointsCell({ subsets }: Endpoints): string {
  if (!subsets?.length) return '<none>'
  const all = subsets.flatMap(({ addresses, ports }) => {
    if (!ports?.length) return (addresses ?? []).map(({ ip }) => ip)
    return ports.flatMap(({ port }) => (addresses ?? []).map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)))
  })
  const text = all.slice(0, shown).join(',')
  return all.length > shown ? `${text} + ${all.length - shown} more...` : text
}
