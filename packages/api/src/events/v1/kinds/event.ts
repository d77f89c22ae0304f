import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type EventsV1Event = TypeOf<'events.v1.Event'>
export type EventsV1EventList = ListOf<EventsV1Event>

export const EventsV1Event: Kind<EventsV1Event> = defineKind('events.v1.Event', {
  plural: 'events',
  shortNames: ['ev'],
})
