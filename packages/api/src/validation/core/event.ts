import { FieldPath, validateDnsSubdomain } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf } from '../findings.js'
import { checkImmutable } from '../immutable.js'
import { checkQualifiedName } from '../names.js'

type CoreEvent = TypeOf<'core.v1.Event'>
type EventOfGroup = TypeOf<'events.v1.Event'>

/** An event of either version, in the terms of the stored one. */
interface EventParts {
  readonly namespace: string
  readonly involvedNamespace: string
  readonly eventTime: string | null | undefined
  readonly reportingController: string
  readonly reportingInstance: string
  readonly action: string
  readonly reason: string
  readonly message: string
}

const checkCore = (event: CoreEvent) =>
  findingsOf((found) =>
    checkParts(
      found,
      {
        namespace: event.metadata.namespace ?? '',
        involvedNamespace: event.involvedObject?.namespace ?? '',
        eventTime: event.eventTime,
        reportingController: event.reportingComponent ?? '',
        reportingInstance: event.reportingInstance ?? '',
        action: event.action ?? '',
        reason: event.reason ?? '',
        message: event.message ?? '',
      },
      'reportingComponent',
    ),
  )

export const eventValidation: Validation<CoreEvent> = { validate: checkCore, validateUpdate: checkCore }

const limit = 128
const messageLimit = 1024

/** What holds of events since they have an eventTime; older ones may be as they are. */
function checkParts(found: Findings, event: EventParts, controllerField: string): void {
  const { namespace, involvedNamespace } = event
  const place = FieldPath.root('involvedObject', 'namespace')
  const elsewhere = () => found.invalid(place, involvedNamespace, 'does not match event.namespace')
  if (!event.eventTime) {
    if (involvedNamespace === '' ? namespace !== '' && namespace !== 'default' : namespace !== involvedNamespace) elsewhere()
  } else {
    if (involvedNamespace === '' && namespace !== 'default' && namespace !== 'kube-system') elsewhere()
    const controller = FieldPath.root(controllerField)
    if (event.reportingController === '') found.required(controller)
    checkQualifiedName(found, event.reportingController, controller)
    for (const name of ['reportingInstance', 'action', 'reason'] as const) {
      if (event[name] === '') found.required(name)
      if (Buffer.byteLength(event[name]) > limit) found.invalid(name, '', `can have at most ${limit} characters`)
    }
    if (Buffer.byteLength(event.message) > messageLimit) found.invalid('message', '', `can have at most ${messageLimit} characters`)
  }
  found.each('namespace', namespace, validateDnsSubdomain(namespace))
}

const partsOf = (event: EventOfGroup): EventParts => ({
  namespace: event.metadata.namespace ?? '',
  involvedNamespace: event.regarding?.namespace ?? '',
  eventTime: event.eventTime,
  reportingController: event.reportingController ?? '',
  reportingInstance: event.reportingInstance ?? '',
  action: event.action ?? '',
  reason: event.reason ?? '',
  message: event.note ?? '',
})

export const eventOfGroupValidation: Validation<EventOfGroup> = {
  validate: (event) =>
    findingsOf((found) => {
      checkParts(found, partsOf(event), 'reportingController')
      checkSeries(found, event)
      if (!event.eventTime) found.required('eventTime')
      if (event.type !== 'Normal' && event.type !== 'Warning') found.invalid('type', '', `has invalid value: ${event.type ?? ''}`)
      for (const [isSet, field] of formerFields(event)) if (isSet) found.invalid(field, '', 'needs to be unset')
    }),
  validateUpdate: (event, old) =>
    findingsOf((found) => {
      checkParts(found, partsOf(event), 'reportingController')
      if (JSON.stringify(event.series) !== JSON.stringify(old.series)) checkSeries(found, event)
      for (const [name, field] of fixed) checkImmutable(found, event[name], old[name], FieldPath.root(field))
    }),
}

/** Fields of the former version that new events may not have, by their stored names. */
const formerFields = (event: EventOfGroup): readonly (readonly [boolean, string])[] => [
  [Boolean(event.deprecatedFirstTimestamp), 'firstTimestamp'],
  [Boolean(event.deprecatedLastTimestamp), 'lastTimestamp'],
  [(event.deprecatedCount ?? 0) !== 0, 'count'],
  [Boolean(event.deprecatedSource?.component || event.deprecatedSource?.host), 'source'],
]

function checkSeries(found: Findings, { series }: EventOfGroup): void {
  if (!series) return
  if ((series.count ?? 0) < 2) found.invalid('series.count', '', 'should be at least 2')
  if (!series.lastObservedTime) found.required('series.lastObservedTime')
}

/** What never changes, and its stored name. */
const fixed: readonly (readonly [keyof EventOfGroup, string])[] = [
  ['regarding', 'involvedObject'],
  ['reason', 'reason'],
  ['note', 'message'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
  ['reason', 'reason'],
  ['type', 'type'],
  ['eventTime', 'eventTime'],
  ['action', 'action'],
  ['related', 'related'],
  ['reportingController', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
]
