import type { ListOf, TypeOf } from '../../declaration/type-of.js'

export type EventsV1Event = TypeOf<'events.v1.Event'>
export type EventsV1EventList = ListOf<EventsV1Event>
export type EventsV1EventSeries = TypeOf<'events.v1.EventSeries'>
