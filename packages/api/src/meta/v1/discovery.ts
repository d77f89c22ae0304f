import type { TypeTable } from '../../declaration/type-table.js'

export const discoveryTypes = {
  APIVersions: {
    $: { object: true },
    versions: ['string[]!', 1],
    serverAddressByClientCIDRs: ['ServerAddressByClientCIDR[]!', 2],
  },
  APIGroup: {
    $: { object: true },
    name: ['string!', 1],
    versions: ['GroupVersionForDiscovery[]!', 2],
    preferredVersion: ['GroupVersionForDiscovery', 3],
    serverAddressByClientCIDRs: ['ServerAddressByClientCIDR[]', 4],
  },
  APIGroupList: {
    $: { object: true },
    groups: ['APIGroup[]!', 1],
  },
  APIResource: {
    name: ['string!', 1],
    singularName: ['string!', 6],
    namespaced: ['boolean!', 2],
    group: ['string', 8],
    version: ['string', 9],
    kind: ['string!', 3],
    verbs: ['string[]!', 4],
    shortNames: ['string[]', 5],
    categories: ['string[]', 7],
    storageVersionHash: ['string', 10],
  },
  APIResourceList: {
    $: { object: true },
    groupVersion: ['string!', 1],
    resources: ['APIResource[]!', 2],
  },
  GroupVersionForDiscovery: {
    groupVersion: ['string!', 1],
    version: ['string!', 2],
  },
  ServerAddressByClientCIDR: {
    clientCIDR: ['string!', 1],
    serverAddress: ['string!', 2],
  },
  GroupVersionKind: {
    group: ['string!', 1],
    version: ['string!', 2],
    kind: ['string!', 3],
  },
  GroupVersionResource: {
    group: ['string!', 1],
    version: ['string!', 2],
    resource: ['string!', 3],
  },
} as const satisfies TypeTable
