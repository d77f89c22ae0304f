import type { TypeOf } from '../../declaration/type-of.js'

export type EventsV1EventSeries = TypeOf<'events.v1.EventSeries'>
