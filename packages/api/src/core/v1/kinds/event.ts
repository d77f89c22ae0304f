import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Event = TypeOf<'core.v1.Event'>
export type EventList = ListOf<Event>

export const Event: Kind<Event> = defineKind('core.v1.Event', {
  plural: 'events',
  shortNames: ['ev'],
})
