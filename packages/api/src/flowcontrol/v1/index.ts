import type { Kind } from '../../kind.js'
import { FlowSchema } from './kinds/flow-schema.js'
import { PriorityLevelConfiguration } from './kinds/priority-level-configuration.js'

export * from './kinds/flow-schema.js'
export * from './kinds/priority-level-configuration.js'
export type * from './types.js'

/** In discovery's order. */
export const flowcontrolV1Kinds: readonly Kind[] = [FlowSchema, PriorityLevelConfiguration]
