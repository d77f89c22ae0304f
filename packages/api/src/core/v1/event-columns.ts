import { age } from '../../declaration/cells.js'
import { column, nameColumn, wideColumn } from '../../declaration/columns.js'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Column } from '../../kind.js'

type Event = TypeOf<'core.v1.Event'>

/** Of events of both groups; one of events.k8s.io is read as a core one. */
export const eventColumns: readonly Column<Event>[] = [
  column('Last Seen', 'string', 'When it was last observed.', lastSeen),
  column('Type', 'string', 'Normal or Warning.', (event) => event.type ?? ''),
  column('Reason', 'string', 'Why it happened, in one word.', (event) => event.reason ?? ''),
  column('Object', 'string', 'What it is about.', objectCell),
  wideColumn('Subobject', 'string', 'Which part of the object.', ({ involvedObject }) => involvedObject?.fieldPath ?? ''),
  wideColumn('Source', 'string', 'Who reported it.', sourceCell),
  column('Message', 'string', 'What happened, for people.', (event) => (event.message ?? '').trim()),
  wideColumn('First Seen', 'string', 'When it was first observed.', firstSeen),
  wideColumn('Count', 'string', 'How often it was observed.', ({ series, count }) => series?.count ?? (series ? 0 : count || 1)),
  { ...nameColumn, priority: 1 },
]

function firstSeen({ firstTimestamp, eventTime }: Event, now: number): string {
  return age(firstTimestamp ?? eventTime, now)
}

function lastSeen(event: Event, now: number): string {
  if (event.series) return age(event.series.lastObservedTime, now)
  return event.lastTimestamp ? age(event.lastTimestamp, now) : firstSeen(event, now)
}

function objectCell({ involvedObject }: Event): string {
  const kind = (involvedObject?.kind ?? '').toLowerCase()
  return involvedObject?.name ? `${kind}/${involvedObject.name}` : kind
}

function sourceCell({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || ''
  const instance = source?.host || reportingInstance
  return instance ? `${component}, ${instance}` : component
}
