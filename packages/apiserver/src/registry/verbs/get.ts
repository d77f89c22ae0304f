import { errors } from '@treeline/machinery'
import { answerEncoded, answerObject } from '../../http/answer.js'
import { negotiate, objectOffer } from '../../http/negotiation.js'
import { answerAs } from '../answer-as.js'
import { resourceVersionProblem } from '../resource-version.js'
import type { ResourceRequest } from './resource-request.js'

/** Answers with one object: its stored bytes as they are, unless another form is asked for. */
export function get(request: ResourceRequest): void | Promise<void> {
  const { exchange, resource } = request
  if (exchange.info.query !== '') {
    const version = exchange.query.get('resourceVersion')
    if (version && version !== '0') return resource.store.waitFor(parseVersion(version)).then(() => answerNewest(request))
  }
  answerNewest(request)
}

function answerNewest({ exchange, resource, namespace, name }: ResourceRequest): void {
  const form = negotiate(exchange, objectOffer)
  const stored = resource.store.get(namespace, name)
  if (!stored) throw errors.notFound(resource.groupResource, name)
  if (form.as) answerObject(exchange, 200, answerAs(exchange, resource, form, stored.object), form)
  else answerEncoded(exchange, 200, stored.bytes, form)
}

function parseVersion(text: string): number {
  const problem = resourceVersionProblem(text)
  if (problem) throw errors.untyped(problem)
  return Number(text)
}
