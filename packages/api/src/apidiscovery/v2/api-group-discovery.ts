import type { TypeTable } from '../../declaration/type-table.js'

export const apiGroupDiscoveryTypes = {
  APIGroupDiscovery: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    versions: ['APIVersionDiscovery[]', 2, { keys: ['version'] }],
  },
  APIResourceDiscovery: {
    resource: ['string!', 1],
    responseKind: ['meta.v1.GroupVersionKind?', 2],
    scope: ['ResourceScope!', 3],
    singularResource: ['string!', 4],
    verbs: ['string[]!', 5, { set: true }],
    shortNames: ['string[]', 6, { set: true }],
    categories: ['string[]', 7, { set: true }],
    subresources: ['APISubresourceDiscovery[]', 8, { keys: ['subresource'] }],
  },
  APISubresourceDiscovery: {
    subresource: ['string!', 1],
    responseKind: ['meta.v1.GroupVersionKind?', 2],
    acceptedTypes: ['meta.v1.GroupVersionKind[]', 3, { keys: ['group', 'version', 'kind'] }],
    verbs: ['string[]!', 4, { set: true }],
  },
  APIVersionDiscovery: {
    version: ['string!', 1],
    resources: ['APIResourceDiscovery[]', 2, { keys: ['resource'] }],
    freshness: ['DiscoveryFreshness', 3],
  },
  DiscoveryFreshness: ['Current', 'Stale', '*'],
  ResourceScope: ['Cluster', 'Namespaced', '*'],
} as const satisfies TypeTable
