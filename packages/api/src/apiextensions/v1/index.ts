import type { Kind } from '../../kind.js'
import { CustomResourceDefinition } from './kinds/custom-resource-definition.js'

export * from './kinds/custom-resource-definition.js'
export type * from './types.js'

/** In discovery's order. */
export const apiextensionsV1Kinds: readonly Kind[] = [CustomResourceDefinition]
