import { endpointSliceTypes } from './endpoint-slice.js'

/** Every declared type of discovery.v1. */
export const discoveryV1Types = { ...endpointSliceTypes } as const
