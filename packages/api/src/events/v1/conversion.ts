import type { TypeOf } from '../../declaration/type-of.js'

type CoreEvent = TypeOf<'core.v1.Event'>
type NewEvent = TypeOf<'events.v1.Event'>

/** The names of the same fields: here and in the core group. */
const renamed = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
] as const

/** An event of events.k8s.io as the core group has it; metadata is shared. */
export function toCoreEvent(event: NewEvent): CoreEvent {
  return { ...rename(event, renamed), apiVersion: 'v1', kind: 'Event' } as CoreEvent
}

/** The way back. */
export function fromCoreEvent(event: CoreEvent): NewEvent {
  return {
    ...rename(
      event,
      renamed.map(([ours, core]) => [core, ours]),
    ),
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
  } as NewEvent
}

function rename(object: object, names: readonly (readonly [from: string, to: string])[]): object {
  const to = new Map(names)
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [to.get(name) ?? name, value]))
}
