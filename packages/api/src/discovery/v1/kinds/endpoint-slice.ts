import { ipWarnings, listWarnings } from '../../../core/v1/warnings/address-warnings.js'
import { firstFew } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type EndpointSlice = TypeOf<'discovery.v1.EndpointSlice'>
export type EndpointSliceList = ListOf<EndpointSlice>

const shown = 3

/** Some of the addresses behind a service. */
export const EndpointSlice: Kind<EndpointSlice> = defineKind('discovery.v1.EndpointSlice', {
  plural: 'endpointslices',
  columns: [
    nameColumn,
    column('AddressType', 'string', 'Kind of its addresses: IPv4, IPv6 or FQDN.', ({ addressType }) => addressType),
    column(
      'Ports',
      'string',
      'The first ports.',
      ({ ports }) =>
        firstFew(
          (ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port))),
          shown,
        ) || '<unset>',
    ),
    column(
      'Endpoints',
      'string',
      'The first addresses.',
      ({ endpoints }) =>
        firstFew(
          (endpoints ?? []).flatMap(({ addresses }) => addresses),
          shown,
        ) || '<unset>',
    ),
    ageColumn,
  ],
  strategy: {
    generation: 'outside-metadata',
    generationCounts: ({ metadata, ...rest }) => [rest, metadata.labels ?? {}],
    prepareForCreate: dropTopology,
    prepareForUpdate: dropTopology,
    warningsOnCreate: (slice) => [
      ...(slice.addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
      ...addressWarnings(slice),
    ],
    warningsOnUpdate: addressWarnings,
  },
})

const ownControllers: readonly string[] = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io']

/** The server's own controllers mend what they are given. */
function addressWarnings({ metadata, endpoints }: EndpointSlice): string[] {
  if (ownControllers.includes(metadata.labels?.['endpointslice.kubernetes.io/managed-by'] ?? '')) return []
  return (endpoints ?? []).flatMap(({ addresses }, index) => listWarnings(addresses, `endpoints[${index}].addresses`, ipWarnings))
}

/** A field of the beta version, read-only in v1. */
function dropTopology({ endpoints }: EndpointSlice): void {
  for (const endpoint of endpoints ?? []) delete endpoint.deprecatedTopology
}
