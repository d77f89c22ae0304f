import type { Kind } from '../../kind.js'
import { RuntimeClass } from './kinds/runtime-class.js'

export * from './kinds/runtime-class.js'
export type * from './types.js'

/** In discovery's order. */
export const nodeV1Kinds: readonly Kind[] = [RuntimeClass]
