import { deepCopy, errors, isObject, type KubernetesObject } from '@treeline/machinery'
import { answerEncoded, answerObject } from '../../http/answer.js'
import { bodyLimit } from '../../http/body.js'
import { mediaType, negotiate, objectOffer } from '../../http/negotiation.js'
import { answerAs } from '../answer-as.js'
import { canonicalForm } from '../canonical-form.js'
import { withDefaults } from '../decode-object.js'
import { applyConfiguration, recordChange } from '../managed-fields.js'
import { acceptedPatchTypes, applyMediaType, patchTypes, readApplyConfiguration, unsupportedPatchType } from '../patch/patch-types.js'
import { patchedObject } from '../patch/patched-object.js'
import { type UpdateRequest, updateObject } from '../update-object.js'
import type { WriteContext } from '../write-context.js'
import { readWriteOptions, type WriteOptions } from '../write-options.js'
import { type ResourceRequest, writeContext } from './resource-request.js'
import { authorizeCreate, checkName } from './update.js'

/** Changes an object by a patch of one of the four types. */
export async function patch(request: ResourceRequest): Promise<void> {
  const { exchange, registry, resource, namespace, name } = request
  const type = mediaType(exchange.header('content-type') ?? '')
  const accepted = acceptedPatchTypes(resource)
  if (!accepted.includes(type)) throw unsupportedPatchType(type, accepted)
  const form = negotiate(exchange, objectOffer)
  const applies = type === applyMediaType
  const bytes = await exchange.request.readBody(bodyLimit)
  const options = readWriteOptions(exchange, 'PatchOptions', applies)
  const context = writeContext(request, options)
  const change = applies ? applyChange(request, bytes, options, context) : patchChange(request, type, bytes, options, context)
  const { stored, created } = await updateObject(registry, resource, { namespace, name, ...change }, context)
  const status = created ? 201 : 200
  if (form.as) answerObject(exchange, status, answerAs(exchange, resource, form, stored.object), form)
  else answerEncoded(exchange, status, stored.bytes, form)
}

type Change = Pick<UpdateRequest<KubernetesObject>, 'next' | 'whenAbsent'>

function patchChange(request: ResourceRequest, type: string, bytes: Buffer, options: WriteOptions, context: WriteContext): Change {
  const { exchange, registry, resource, namespace, name } = request
  const read = patchTypes[type]?.(bytes, resource)
  if (!read) throw errors.unsupportedMediaType(acceptedPatchTypes(resource))
  return {
    next: (current) => {
      const object = patchedObject(resource.kind, current, read, options.fieldValidation, (text) => exchange.warn(text))
      checkSubject(object, name, namespace)
      recordChange(registry.kinds, resource, current, object, context, registry.now())
      return object
    },
  }
}

function applyChange(request: ResourceRequest, bytes: Buffer, options: WriteOptions, context: WriteContext): Change {
  const { exchange, registry, resource, namespace, name } = request
  const { value, duplicates } = readApplyConfiguration(bytes)
  if (!isObject(value)) throw errors.badRequest('error decoding YAML: the patch must be an object')
  const config = value as unknown as KubernetesObject
  const apply = (live: KubernetesObject | undefined): KubernetesObject => {
    const applied = applyConfiguration(registry.kinds, resource, live, deepCopy(config), options.force === true, context, registry.now())
    if (duplicates.length > 0 && options.fieldValidation === 'Strict')
      throw errors.badRequest(`error strict decoding YAML: ${duplicates.join(', ')}`)
    if (options.fieldValidation === 'Warn') for (const problem of duplicates) exchange.warn(problem)
    const object = withDefaults(resource.kind, canonicalForm(resource.kind, deepCopy(applied)))
    object.metadata.name ??= name
    if (resource.namespaced) object.metadata.namespace ??= namespace
    checkSubject(object, name, namespace)
    return object
  }
  return {
    next: apply,
    whenAbsent:
      context.subresource === ''
        ? async () => {
            await authorizeCreate(request)
            const uid = config.metadata?.uid
            if (uid) {
              const problem = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
              throw errors.conflict(resource.groupResource, name, problem)
            }
            const object = apply(undefined)
            delete object.metadata.resourceVersion
            return object
          }
        : undefined,
  }
}

function checkSubject(object: KubernetesObject, name: string, namespace: string | undefined): void {
  checkName(object, name)
  const given = object.metadata.namespace
  if (namespace !== undefined && given && given !== namespace) {
    throw errors.badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
}
