import type { Kind } from '../../kind.js'
import { Lease } from './kinds/lease.js'

export * from './kinds/lease.js'
export type * from './types.js'

/** In discovery's order. */
export const coordinationV1Kinds: readonly Kind[] = [Lease]
