import type { TypeTable } from '../../declaration/type-table.js'

export const endpointSliceTypes = {
  Endpoint: {
    addresses: ['string[]!', 1, { set: true }],
    conditions: ['EndpointConditions', 2],
    hostname: ['string?', 3],
    targetRef: ['core.v1.ObjectReference?', 4],
    deprecatedTopology: ['string{}', 5],
    nodeName: ['string?', 6],
    zone: ['string?', 7],
    hints: ['EndpointHints?', 8],
  },
  EndpointConditions: {
    ready: ['boolean?', 1],
    serving: ['boolean?', 2],
    terminating: ['boolean?', 3],
  },
  EndpointHints: {
    forZones: ['ForZone[]', 1],
    forNodes: ['ForNode[]', 2],
  },
  EndpointPort: {
    $: { atomic: true },
    name: ['string?', 1],
    protocol: ['core.v1.Protocol?', 2],
    port: ['int32?', 3],
    appProtocol: ['string?', 4],
  },
  EndpointSlice: {
    $: { object: true, about: 'Some of the addresses behind a service.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    addressType: ['AddressType!', 4],
    endpoints: ['Endpoint[]!', 2],
    ports: ['EndpointPort[]', 3, { empty: 'encoded' }],
  },
  ForNode: {
    name: ['string!', 1],
  },
  ForZone: {
    name: ['string!', 1],
  },
  AddressType: ['IPv4', 'IPv6', 'FQDN'],
} as const satisfies TypeTable
