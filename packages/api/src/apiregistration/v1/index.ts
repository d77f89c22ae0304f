import type { Kind } from '../../kind.js'
import { APIService } from './kinds/api-service.js'

export * from './kinds/api-service.js'
export type * from './types.js'

/** In discovery's order. */
export const apiregistrationV1Kinds: readonly Kind[] = [APIService]
