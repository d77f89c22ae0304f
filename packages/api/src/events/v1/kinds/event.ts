import { eventColumns } from '../../../core/v1/event-columns.js'
import { Event } from '../../../core/v1/kinds/event.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Column, Kind } from '../../../kind.js'
import { fromCoreEvent, toCoreEvent } from '../conversion.js'

export type EventsV1Event = TypeOf<'events.v1.Event'>
export type EventsV1EventList = ListOf<EventsV1Event>

/** The core Event under other names, in a group of its own. */
export const EventsV1Event: Kind<EventsV1Event> = defineKind('events.v1.Event', {
  plural: 'events',
  shortNames: ['ev'],
  selectableFields: {
    'regarding.kind': ({ regarding }) => regarding?.kind ?? '',
    'regarding.namespace': ({ regarding }) => regarding?.namespace ?? '',
    'regarding.name': ({ regarding }) => regarding?.name ?? '',
    'regarding.uid': ({ regarding }) => regarding?.uid ?? '',
    'regarding.apiVersion': ({ regarding }) => regarding?.apiVersion ?? '',
    'regarding.resourceVersion': ({ regarding }) => regarding?.resourceVersion ?? '',
    'regarding.fieldPath': ({ regarding }) => regarding?.fieldPath ?? '',
    reason: (event) => event.reason ?? '',
    reportingController: (event) => event.reportingController ?? '',
    type: (event) => event.type ?? '',
  },
  columns: eventColumns.map((column): Column<EventsV1Event> => ({ ...column, cell: (event, now) => column.cell(toCoreEvent(event), now) })),
  strategy: { allowCreateOnUpdate: true, defaultPropagation: 'Unsupported' },
  storedAs: { kind: Event, toStored: toCoreEvent, fromStored: (event) => fromCoreEvent(event as Event) },
})
