import type { WriteRequest } from '@treeline/api'
import { deepCopy, deepEqual, errors, isNotFound, type KubernetesObject, quote } from '@treeline/machinery'
import { type Remove, remove, type Stored } from '../resource-store/resource-store.js'
import { admissionAttributes } from './admission-chain.js'
import { formToStore } from './canonical-form.js'
import { storeNewObject } from './create-object.js'
import { nextGeneration } from './generation.js'
import { keepUnchangedTimes } from './managed-fields.js'
import { hasEnded, isNamespace } from './namespace-deletion.js'
import { objectMetaRules, validateUpdatedObjectMeta } from './object-meta-validation.js'
import { dropDuplicateOwners } from './owner-references.js'
import type { Registry } from './registry.js'
import type { Resource } from './resource.js'
import { resourceVersionProblem } from './resource-version.js'
import type { WriteContext } from './write-context.js'
import type { Finish } from './write-hooks.js'
import { notStored } from './written.js'

export interface UpdateRequest<T extends KubernetesObject> {
  readonly namespace: string | undefined
  readonly name: string
  /**
   * The next state, managed fields included, from the frozen current one. Runs again when another writer came between.
   * The object returned is used up.
   */
  readonly next: (current: T) => T | Promise<T>
  /** `next` runs admission itself, on another object than the one stored. */
  readonly admitted?: boolean
  /** The object to create when there is none; absent: that is NotFound. */
  readonly whenAbsent?: () => T | Promise<T>
}

export interface UpdateOutcome<T extends KubernetesObject> {
  readonly stored: Stored<T>
  readonly created: boolean
}

/** Brings an object from its current state to the next. Throws StatusError: NotFound, Conflict, Invalid, …. */
export async function updateObject<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  request: UpdateRequest<T>,
  context: WriteContext,
): Promise<UpdateOutcome<T>> {
  for (;;) {
    try {
      return { stored: await updateExisting(registry, resource, request, context), created: false }
    } catch (error) {
      if (!isNotFound(error) || !request.whenAbsent || resource.store.get(request.namespace, request.name)) throw error
    }
    const stored = await createAbsent(registry, resource, request.whenAbsent, request, context)
    if (stored) return { stored, created: true }
  }
}

async function createAbsent<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  whenAbsent: () => T | Promise<T>,
  { namespace, name }: UpdateRequest<T>,
  context: WriteContext,
): Promise<Stored<T> | undefined> {
  const object = await whenAbsent()
  await registry.admission.admit(admissionAttributes('CREATE', resource.kind, namespace, name, context, object))
  dropDuplicateOwners(object, context)
  return storeNewObject(registry, resource, object, namespace, context)
}

async function updateExisting<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  { namespace, name, next, admitted = false }: UpdateRequest<T>,
  context: WriteContext,
): Promise<Stored<T>> {
  const finishes: Finish[] = []
  let written = false
  const change = async (current: Stored<T>): Promise<T | Remove> => {
    const object = await next(current.object)
    dropDuplicateOwners(object, context)
    const attributes = admissionAttributes('UPDATE', resource.kind, namespace, name, context, object, current.object)
    if (!admitted) await registry.admission.admit(attributes)
    checkResourceVersion(resource, object, current, name)
    if (context.subresource === '') {
      for (const hook of registry.hooks) {
        if (hook.kind !== (resource.kind as unknown)) continue
        const finish = await hook.beforeUpdate?.(object, current.object, { dryRun: context.dryRun })
        if (finish) finishes.push(finish)
      }
    }
    prepareUpdatedObject(registry, resource, object, current.object, context)
    if (!admitted) await registry.admission.validate(attributes)
    if (isDeletedByUpdate(resource, object, current.object)) return remove
    const canonical = formToStore(resource.kind, object)
    keepUnchangedTimes(current.object, canonical)
    return deepEqual(canonical, current.object) ? current.object : canonical
  }
  try {
    if (context.dryRun) return await pretendUpdate(resource, namespace, name, change)
    let last: T | undefined
    const { stored, removed } = await resource.store.update(namespace, name, async (current) => {
      await finishAll(finishes, false)
      const result = await change(current)
      last = result === remove ? current.object : undefined
      return result
    })
    written = true
    if (removed && last) for (const hook of registry.hooks) if (hook.kind === (resource.kind as unknown)) await hook.afterDelete?.(last)
    return stored
  } finally {
    await finishAll(finishes, written)
  }
}

async function finishAll(finishes: Finish[], written: boolean): Promise<void> {
  for (const finish of finishes.splice(0)) await finish(written)
}

async function pretendUpdate<T extends KubernetesObject>(
  resource: Resource<T>,
  namespace: string | undefined,
  name: string,
  change: (current: Stored<T>) => Promise<T | Remove>,
): Promise<Stored<T>> {
  const current = resource.store.get(namespace, name)
  if (!current) throw errors.notFound(resource.groupResource, name)
  const result = await change(current)
  return result === remove || result === current.object ? current : notStored(result)
}

/** An update of a certain version fails when there is another one by now; of none it is for the newest, where the kind lets it be. */
function checkResourceVersion<T extends KubernetesObject>(resource: Resource<T>, object: T, current: Stored<T>, name: string): void {
  const given = object.metadata.resourceVersion ?? ''
  if (given !== '' && resourceVersionProblem(given)) throw errors.untyped(`strconv.ParseUint: parsing ${quote(given)}: invalid syntax`)
  if (given === '' || given === '0') {
    if (!resource.kind.strategy.allowUnconditionalUpdate) {
      throw errors.invalid({ group: resource.kind.group, kind: resource.kind.plural }, name, [
        { type: 'FieldValueInvalid', field: 'metadata.resourceVersion', badValue: 0, detail: 'must be specified for an update' },
      ])
    }
    object.metadata.resourceVersion = current.object.metadata.resourceVersion
  } else if (given !== current.object.metadata.resourceVersion) throw errors.conflict(resource.groupResource, name)
}

/** Restores what an update may not touch, and holds the result against every rule. */
function prepareUpdatedObject<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  object: T,
  old: T,
  context: WriteContext,
): void {
  const { kind } = resource
  const { strategy } = kind
  const status = context.subresource === 'status'
  const other = strategy.subresources?.[context.subresource]
  const write = { now: new Date(registry.now()), user: context.user }
  if (!resource.namespaced) delete object.metadata.namespace
  else if (!object.metadata.namespace) object.metadata.namespace = old.metadata.namespace
  if (status) prepareStatus(resource, object, old, write)
  else if (other) other.prepareForUpdate(object, old, write)
  else if (context.subresource === '') strategy.prepareForUpdate?.(object, old, write)
  keepSystemMetadata(object, old)
  if (context.subresource === '' || context.subresource === 'scale' || other)
    nextGeneration(strategy, object, old, () => formToStore(kind, object))
  const passes = status ? strategy.metadataValidation?.onStatusUpdate : strategy.metadataValidation?.onUpdate
  const found = validateUpdatedObjectMeta(object.metadata, old.metadata, objectMetaRules(kind), passes)
  const validate = status ? strategy.validateStatusUpdate : (other?.validateUpdate ?? strategy.validateUpdate)
  found.push(...(validate?.(object, old) ?? []))
  if (found.length > 0) throw errors.invalid(kind.storedAs?.kind ?? kind, object.metadata.name ?? '', found)
  if (!status) for (const text of strategy.warningsOnUpdate?.(object, old) ?? []) context.warn(text)
}

function prepareStatus<T extends KubernetesObject>(resource: Resource<T>, object: T, old: T, write: WriteRequest): void {
  const restore = resource.kind.strategy.prepareForStatusUpdate
  if (restore) restore(object, old, write)
  else keepAllButStatus(object, old)
}

function keepAllButStatus<T extends KubernetesObject>(object: T, old: T): void {
  const target = object as Record<string, unknown>
  for (const key of Object.keys(target)) if (key !== 'status' && key !== 'metadata') delete target[key]
  for (const [key, value] of Object.entries(old)) if (key !== 'status' && key !== 'metadata') target[key] = deepCopy(value)
  const { managedFields, resourceVersion } = object.metadata
  object.metadata = { ...deepCopy(old.metadata), managedFields, resourceVersion }
}

function keepSystemMetadata(object: KubernetesObject, old: KubernetesObject): void {
  const { metadata } = object
  const before = old.metadata
  if (!metadata.uid) metadata.uid = before.uid
  metadata.generation = before.generation
  if (before.creationTimestamp) metadata.creationTimestamp = before.creationTimestamp
  if (before.deletionTimestamp) metadata.deletionTimestamp = before.deletionTimestamp
  if (before.deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds ??= before.deletionGracePeriodSeconds
}

/** The last finalizer is gone from an object that only waited for that. */
function isDeletedByUpdate<T extends KubernetesObject>(resource: Resource<T>, object: T, old: T): boolean {
  const { finalizers } = object.metadata
  if (finalizers?.length || !old.metadata.deletionTimestamp || old.metadata.deletionGracePeriodSeconds) return false
  return !isNamespace(resource.kind) || hasEnded(object)
}
