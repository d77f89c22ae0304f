import type { Kind } from '../../kind.js'
import { EndpointSlice } from './kinds/endpoint-slice.js'

export * from './kinds/endpoint-slice.js'
export type * from './types.js'

/** In discovery's order. */
export const discoveryV1Kinds: readonly Kind[] = [EndpointSlice]
