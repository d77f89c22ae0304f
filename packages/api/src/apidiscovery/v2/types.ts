import type { TypeOf } from '../../declaration/type-of.js'

export type APIResourceDiscovery = TypeOf<'apidiscovery.v2.APIResourceDiscovery'>
export type APISubresourceDiscovery = TypeOf<'apidiscovery.v2.APISubresourceDiscovery'>
export type APIVersionDiscovery = TypeOf<'apidiscovery.v2.APIVersionDiscovery'>
export type DiscoveryFreshness = TypeOf<'apidiscovery.v2.DiscoveryFreshness'>
export type ResourceScope = TypeOf<'apidiscovery.v2.ResourceScope'>
