import { apiGroupDiscoveryTypes } from './api-group-discovery.js'

/** Every declared type of apidiscovery.v2. */
export const apidiscoveryV2Types = { ...apiGroupDiscoveryTypes } as const
