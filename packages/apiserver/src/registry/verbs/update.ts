import { deepCopy, errors, type KubernetesObject } from '@treeline/machinery'
import { forbidden } from '../../authorization/forbidden.js'
import { answerEncoded, answerObject } from '../../http/answer.js'
import { bodyLimit } from '../../http/body.js'
import { bodyFormat, negotiate, objectOffer } from '../../http/negotiation.js'
import { attributesOf } from '../../http/stages/authorization.js'
import { answerAs } from '../answer-as.js'
import { decodeObject } from '../decode-object.js'
import { recordChange, recordCreate } from '../managed-fields.js'
import type { Resource } from '../resource.js'
import { updateObject } from '../update-object.js'
import { readWriteOptions } from '../write-options.js'
import { checkNamespace } from './create.js'
import { type ResourceRequest, writeContext } from './resource-request.js'

/** Puts the object of the body in the place of the current one, or its status alone for the subresource. */
export async function update(request: ResourceRequest): Promise<void> {
  const { exchange, registry, resource, namespace, name } = request
  const form = negotiate(exchange, objectOffer)
  const options = readWriteOptions(exchange, 'UpdateOptions')
  const format = bodyFormat(exchange)
  const bytes = await exchange.request.readBody(bodyLimit)
  const decoded = decodeObject({
    kind: resource.kind,
    bytes,
    format,
    fieldValidation: options.fieldValidation,
    warn: (text) => exchange.warn(text),
  })
  checkNamespace(decoded, namespace)
  checkName(decoded, name)
  const context = writeContext(request, options)
  const creates = resource.kind.strategy.allowCreateOnUpdate && context.subresource === ''
  const { stored, created } = await updateObject(
    registry,
    resource,
    {
      namespace,
      name,
      next: (current) => {
        checkUid(resource, decoded, current)
        const object = deepCopy(decoded)
        recordChange(registry.kinds, resource, current, object, context, registry.now())
        return object
      },
      whenAbsent: creates
        ? async () => {
            await authorizeCreate(request)
            const object = deepCopy(decoded)
            recordCreate(registry.kinds, resource, object, context, registry.now())
            return object
          }
        : undefined,
    },
    context,
  )
  const status = created ? 201 : 200
  if (form.as) answerObject(exchange, status, answerAs(exchange, resource, form, stored.object), form)
  else answerEncoded(exchange, status, stored.bytes, form)
}

/** The name of the body must be the one of the URL. */
export function checkName(object: KubernetesObject, name: string): void {
  const given = object.metadata.name ?? ''
  if (given === '') {
    throw errors.badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  }
  if (given !== name) throw errors.badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`)
}

function checkUid(resource: Resource, { metadata }: KubernetesObject, current: KubernetesObject): void {
  if (metadata.uid && metadata.uid !== current.metadata.uid) throw uidConflict(resource, current, metadata.uid)
}

/** The 409 for an object that is another one than the writer believes. */
export function uidConflict({ kind, groupResource }: Resource, current: KubernetesObject, given: string): Error {
  const { uid, namespace, name = '' } = current.metadata
  const key = `/registry/${kind.storagePrefix}/${namespace ? `${namespace}/${name}` : name}`
  const failed = `Precondition failed: UID in precondition: ${given}, UID in object meta: ${uid}`
  const problem = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${failed}`
  return errors.conflict(groupResource, name, problem)
}

/** A write that turns out to create needs the right to create. Throws StatusError 403. */
export async function authorizeCreate({ exchange, authorizer }: ResourceRequest): Promise<void> {
  const attributes = attributesOf(exchange, 'create')
  const { decision, reason } = await authorizer.authorize(attributes)
  if (decision !== 'Allow') throw forbidden(attributes, reason)
}
