import type { Kind } from '../../kind.js'
import { PriorityClass } from './kinds/priority-class.js'

export * from './kinds/priority-class.js'

/** In discovery's order. */
export const schedulingV1Kinds: readonly Kind[] = [PriorityClass]
