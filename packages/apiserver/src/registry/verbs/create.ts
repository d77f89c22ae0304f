import { errors, type KubernetesObject } from '@treeline/machinery'
import { answerEncoded, answerObject } from '../../http/answer.js'
import { bodyLimit } from '../../http/body.js'
import { bodyFormat, negotiate, objectOffer } from '../../http/negotiation.js'
import { answerAs } from '../answer-as.js'
import { createObject } from '../create-object.js'
import { decodeObject } from '../decode-object.js'
import { readWriteOptions } from '../write-options.js'
import { type ResourceRequest, writeContext } from './resource-request.js'

/** Creates the object of the body. */
export async function create(request: ResourceRequest): Promise<void> {
  const { exchange, registry, resource, namespace } = request
  const form = negotiate(exchange, objectOffer)
  const options = readWriteOptions(exchange, 'CreateOptions')
  const format = bodyFormat(exchange)
  const bytes = await exchange.request.readBody(bodyLimit)
  const object = decodeObject({
    kind: resource.kind,
    bytes,
    format,
    fieldValidation: options.fieldValidation,
    warn: (text) => exchange.warn(text),
  })
  checkNamespace(object, namespace)
  checkNoResourceVersion(object)
  const stored = await createObject(registry, resource, object, namespace, writeContext(request, options))
  if (form.as) answerObject(exchange, 201, answerAs(exchange, resource, form, stored.object), form)
  else answerEncoded(exchange, 201, stored.bytes, form)
}

/** The namespace of the body must be the one of the URL, or be left to it. */
export function checkNamespace(object: KubernetesObject, namespace: string | undefined): void {
  const { metadata } = object
  if (namespace === undefined) delete metadata.namespace
  else if (!metadata.namespace) metadata.namespace = namespace
  else if (metadata.namespace !== namespace) {
    throw errors.badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
}

function checkNoResourceVersion({ metadata }: KubernetesObject): void {
  const { resourceVersion } = metadata
  if (resourceVersion && resourceVersion !== '0') throw errors.untyped('resourceVersion should not be set on objects to be created')
  delete metadata.resourceVersion
}
