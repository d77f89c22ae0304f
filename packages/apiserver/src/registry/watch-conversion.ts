import type { AnswerForm } from '../http/negotiation.js'
import type { StoredEvent } from '../resource-store/resource-store.js'
import { readIncludeObject, tableOf } from '../table/table.js'
import { notAcceptableAs, partialMetadata } from './answer-as.js'
import type { ResourceRequest } from './verbs/resource-request.js'

const initialEventsEnd = 'k8s.io/initial-events-end'

/** A watch event in the form that `as=` asks for, as a line. */
export function convertEvent({ exchange, resource }: ResourceRequest, form: AnswerForm, event: StoredEvent, first: boolean): Buffer {
  const { object } = event.stored
  const version = form.asVersion ?? 'v1'
  const line = (converted: object) => Buffer.from(`${JSON.stringify({ type: event.type, object: converted })}\n`)
  if (form.as === 'PartialObjectMetadata') return line(partialMetadata(object, version))
  if (form.as !== 'Table') throw notAcceptableAs(form)
  const endsInitialEvents = object.metadata.annotations?.[initialEventsEnd] === 'true'
  const asked = readIncludeObject(exchange)
  return line(
    tableOf(resource.kind, [object], {
      version,
      include: event.type === 'BOOKMARK' && (endsInitialEvents || asked === 'None') ? 'Metadata' : asked,
      now: Date.now(),
      metadata: { resourceVersion: object.metadata.resourceVersion },
      withoutColumns: !first,
    }),
  )
}
