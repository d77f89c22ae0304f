import { Scale, type Subresource } from '@treeline/api'
import {
  deepCopy,
  errors,
  FieldPath,
  fieldErrors,
  fromScaleFields,
  isObject,
  type KubernetesObject,
  labelSelectorFrom,
  type ManagedFieldsEntry,
  type ReplicasPaths,
  recordUpdate,
  toScaleFields,
} from '@treeline/machinery'
import { answerObject } from '../http/answer.js'
import { bodyLimit } from '../http/body.js'
import type { Exchange } from '../http/exchange.js'
import { type AnswerForm, bodyFormat, mediaType, negotiate, objectOffer } from '../http/negotiation.js'
import { admissionAttributes } from '../registry/admission-chain.js'
import { answerAs } from '../registry/answer-as.js'
import { decodeObject } from '../registry/decode-object.js'
import { applyConfiguration } from '../registry/managed-fields.js'
import {
  acceptedPatchTypes,
  applyMediaType,
  patchTypes,
  readApplyConfiguration,
  unsupportedPatchType,
} from '../registry/patch/patch-types.js'
import { patchedObject } from '../registry/patch/patched-object.js'
import { Resource } from '../registry/resource.js'
import { updateObject } from '../registry/update-object.js'
import type { ResourceRequest, VerbHandler } from '../registry/verbs/resource-request.js'
import { writeContext } from '../registry/verbs/resource-request.js'
import { checkName, uidConflict } from '../registry/verbs/update.js'
import type { WriteContext } from '../registry/write-context.js'
import { readWriteOptions } from '../registry/write-options.js'
import { readPath, writePath } from './json-path-fields.js'

type ScalePaths = NonNullable<Subresource['scale']>

const scaleResource = new Resource(Scale, () => {
  throw new Error('a Scale is not stored')
})

/** The verbs of a `scale` subresource: autoscaling/v1 Scale over the replicas of any kind. */
export function scaleVerbs(paths: ScalePaths): Readonly<Record<string, VerbHandler>> {
  return {
    get: (request) => getScale(request, paths),
    update: (request) => updateScale(request, paths),
    patch: (request) => patchScale(request, paths),
  }
}

function getScale(request: ResourceRequest, paths: ScalePaths): void {
  const { exchange, resource, namespace, name } = request
  const form = negotiate(exchange, objectOffer)
  const stored = resource.store.get(namespace, name)
  if (!stored) throw errors.notFound(resource.groupResource, name)
  answer(exchange, scaleOf(resource, stored.object, paths), form)
}

async function updateScale(request: ResourceRequest, paths: ScalePaths): Promise<void> {
  const { exchange, name, namespace } = request
  const options = readWriteOptions(exchange, 'UpdateOptions')
  const decoded = decodeObject({
    kind: Scale,
    bytes: await exchange.request.readBody(bodyLimit),
    format: bodyFormat(exchange),
    fieldValidation: options.fieldValidation,
    warn: (text) => exchange.warn(text),
  })
  checkName(decoded, name)
  const given = decoded.metadata.namespace
  if (namespace && given && given !== namespace) {
    throw errors.badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  await writeScale(request, paths, writeContext(request, options), () => deepCopy(decoded), false)
}

async function patchScale(request: ResourceRequest, paths: ScalePaths): Promise<void> {
  const { exchange, registry, name } = request
  const type = mediaType(exchange.header('content-type') ?? '')
  const accepted = acceptedPatchTypes(scaleResource as unknown as Resource)
  if (!accepted.includes(type)) throw unsupportedPatchType(type, accepted)
  const applies = type === applyMediaType
  const bytes = await exchange.request.readBody(bodyLimit)
  const options = readWriteOptions(exchange, 'PatchOptions', applies)
  const context = writeContext(request, options)
  if (applies) {
    const { value } = readApplyConfiguration(bytes)
    if (!isObject(value)) throw errors.badRequest('error decoding YAML: the patch must be an object')
    const config = value as unknown as KubernetesObject
    const next = (current: Scale) =>
      applyConfiguration(registry.kinds, scaleResource, current, deepCopy(config), options.force === true, context, registry.now())
    return writeScale(request, paths, context, next, true)
  }
  const read = patchTypes[type]?.(bytes, scaleResource as unknown as Resource)
  if (!read) throw errors.unsupportedMediaType(accepted)
  const next = (current: Scale) => {
    const scale = patchedObject(Scale, current, read, options.fieldValidation, (text) => exchange.warn(text))
    checkName(scale, name)
    return scale
  }
  return writeScale(request, paths, context, next, false)
}

/** Brings a change of the Scale into the parent: replicas, resourceVersion, and who owns the replicas. */
async function writeScale(
  request: ResourceRequest,
  paths: ScalePaths,
  context: WriteContext,
  next: (current: Scale) => Scale,
  applied: boolean,
): Promise<void> {
  const { exchange, registry, resource, namespace, name } = request
  const form = negotiate(exchange, objectOffer)
  const replicasPaths = replicasPathsOf(request)
  const { stored } = await updateObject(
    registry,
    resource,
    {
      namespace,
      name,
      admitted: true,
      next: async (parent) => {
        const current = scaleOf(resource, parent, paths)
        setManagedFields(current, toScaleFields(parent.metadata.managedFields, replicasPaths))
        const scale = next(current)
        if (!applied) {
          recordUpdate({
            schema: Scale.schema,
            apiVersion: 'autoscaling/v1',
            before: current,
            after: scale,
            manager: context.fieldManager,
            subresource: 'scale',
            now: new Date(registry.now()),
          })
        }
        const attributes = admissionAttributes('UPDATE', resource.kind, namespace, name, context, scale, current)
        await registry.admission.admit(attributes)
        checkScale(resource, parent, scale)
        await registry.admission.validate(attributes)
        const object = deepCopy(parent)
        writePath(object, paths.specReplicasPath, scale.spec?.replicas ?? 0)
        object.metadata.resourceVersion = scale.metadata.resourceVersion
        setManagedFields(
          object,
          fromScaleFields(parent.metadata.managedFields, scale.metadata.managedFields, replicasPaths, resource.apiVersion),
        )
        return object
      },
    },
    context,
  )
  answer(exchange, scaleOf(resource, stored.object, paths), form)
}

function answer(exchange: Exchange, scale: Scale, form: AnswerForm): void {
  answerObject(exchange, 200, form.as ? answerAs(exchange, scaleResource, form, scale) : scale, form)
}

function checkScale(resource: Resource, parent: KubernetesObject, scale: Scale): void {
  const replicas = scale.spec?.replicas ?? 0
  if (replicas < 0) {
    const path = FieldPath.root('spec', 'replicas')
    throw errors.invalid({ group: 'autoscaling', kind: 'Scale' }, parent.metadata.name ?? '', [
      fieldErrors.invalid(path, replicas, 'must be greater than or equal to 0'),
    ])
  }
  const { uid } = scale.metadata
  if (uid && uid !== parent.metadata.uid) {
    throw uidConflict(resource, parent, uid)
  }
}

/** The Scale of an object. */
function scaleOf(resource: Resource, object: KubernetesObject, paths: ScalePaths): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = numberAt(object, paths.specReplicasPath)
  const selector = paths.labelSelectorPath ? selectorText(readPath(object, paths.labelSelectorPath)) : ''
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(resource.namespaced && { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { ...(replicas !== 0 && { replicas }) },
    status: { replicas: numberAt(object, paths.statusReplicasPath), ...(selector !== '' && { selector }) },
  } as Scale
}

function numberAt(object: KubernetesObject, path: string): number {
  const value = readPath(object, path)
  return typeof value === 'number' ? value : 0
}

/** A selector as text: a string as it is, a map of labels, or a LabelSelector. */
function selectorText(value: unknown): string {
  if (typeof value === 'string') return value
  if (!isObject(value)) return ''
  const isLabelSelector = isObject(value['matchLabels']) || Array.isArray(value['matchExpressions'])
  return labelSelectorFrom((isLabelSelector ? value : { matchLabels: value }) as Parameters<typeof labelSelectorFrom>[0]).toString()
}

function setManagedFields(object: KubernetesObject, entries: ManagedFieldsEntry[] | undefined): void {
  if (entries) object.metadata.managedFields = entries
  else delete object.metadata.managedFields
}

/** Where each served version of the parent's kind keeps its replicas, as managed fields name it. */
function replicasPathsOf({ registry, resource }: ResourceRequest): ReplicasPaths {
  const paths = new Map<string, string[] | undefined>()
  for (const version of registry.kinds.versions(resource.kind.group)) {
    const sibling = registry.kinds.find(resource.kind.group, version, resource.kind.plural)
    const scale = sibling?.kind.subresources.find((subresource) => subresource.scale)?.scale
    if (!sibling) continue
    const steps = scale?.specReplicasPath.split('.').filter((step) => step !== '')
    paths.set(
      sibling.apiVersion,
      steps?.map((step) => `f:${step}`),
    )
  }
  return paths
}
