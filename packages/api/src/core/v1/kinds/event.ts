import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { eventColumns } from '../event-columns.js'

export type Event = TypeOf<'core.v1.Event'>
export type EventList = ListOf<Event>

/** Something that happened to an object, kept for an hour. */
export const Event: Kind<Event> = defineKind('core.v1.Event', {
  plural: 'events',
  shortNames: ['ev'],
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject?.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject?.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject?.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject?.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject?.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject?.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject?.fieldPath ?? '',
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? '',
    source: ({ source, reportingComponent }) => source?.component || reportingComponent || '',
    type: (event) => event.type ?? '',
  },
  columns: eventColumns,
  strategy: { allowCreateOnUpdate: true, defaultPropagation: 'Unsupported' },
})
