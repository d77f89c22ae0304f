import type { Kind } from '../../kind.js'
import { EventsV1Event } from './kinds/event.js'

export * from './kinds/event.js'
export type * from './types.js'

/** In discovery's order. */
export const eventsV1Kinds: readonly Kind[] = [EventsV1Event]
