import { deepCopy, errors, isAlreadyExists, type KubernetesObject } from '@treeline/machinery'
import type { Stored } from '../resource-store/resource-store.js'
import { admissionAttributes } from './admission-chain.js'
import { formToStore } from './canonical-form.js'
import { initialGeneration } from './generation.js'
import { recordCreate } from './managed-fields.js'
import { objectMetaRules, validateObjectMeta } from './object-meta-validation.js'
import { dropDuplicateOwners } from './owner-references.js'
import type { Registry } from './registry.js'
import type { Resource } from './resource.js'
import { generateName, setSystemMetadata } from './system-metadata.js'
import type { WriteContext } from './write-context.js'
import type { Finish } from './write-hooks.js'
import { notStored } from './written.js'

const nameAttempts = 8

/**
 * Creates an object that is decoded, normalised and defaulted; the object given is used up. Managed fields are recorded
 * first, so that what admission adds belongs to nobody. Throws StatusError: AlreadyExists, Invalid, Forbidden, ….
 */
export async function createObject<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  object: T,
  namespace: string | undefined,
  context: WriteContext,
): Promise<Stored<T>> {
  dropDuplicateOwners(object, context)
  recordCreate(registry.kinds, resource, object, context, registry.now())
  const attributes = admissionAttributes('CREATE', resource.kind, namespace, object.metadata.name, context, object)
  await registry.admission.admit(attributes)
  dropDuplicateOwners(object, context)
  return storeNewObject(registry, resource, object, namespace, context)
}

/** The part of a creation behind mutating admission, which a PUT or an apply of an absent object takes as well. */
export async function storeNewObject<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  object: T,
  namespace: string | undefined,
  context: WriteContext,
): Promise<Stored<T>> {
  const { generateName: base, name } = object.metadata
  if (!base || name) return storeOnce(registry, resource, object, namespace, context)
  for (let attempt = 1; ; attempt++) {
    const named = deepCopy(object)
    named.metadata.name = generateName(base)
    try {
      return await storeOnce(registry, resource, named, namespace, context)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      if (attempt === nameAttempts) throw errors.generateNameConflict(resource.groupResource, named.metadata.name)
    }
  }
}

async function storeOnce<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  object: T,
  namespace: string | undefined,
  context: WriteContext,
): Promise<Stored<T>> {
  setSystemMetadata(object, registry.now())
  const finishes: Finish[] = []
  let written = false
  try {
    for (const hook of registry.hooks) {
      if (hook.kind !== (resource.kind as unknown)) continue
      const finish = await hook.beforeCreate?.(object, { dryRun: context.dryRun })
      if (finish) finishes.push(finish)
    }
    prepareNewObject(registry, resource, object, namespace, context)
    await registry.admission.validate(admissionAttributes('CREATE', resource.kind, namespace, object.metadata.name, context, object))
    const canonical = formToStore(resource.kind, object)
    const stored = context.dryRun ? pretendCreate(resource, canonical) : await resource.store.create(canonical)
    written = !context.dryRun
    return stored
  } finally {
    for (const finish of finishes) await finish(written)
  }
}

/** Brings the object into the state it is created in, and holds it against every rule. */
function prepareNewObject<T extends KubernetesObject>(
  registry: Registry,
  resource: Resource<T>,
  object: T,
  namespace: string | undefined,
  context: WriteContext,
): void {
  const { kind } = resource
  const { strategy } = kind
  if (resource.namespaced) object.metadata.namespace = namespace
  else delete object.metadata.namespace
  initialGeneration(strategy, object)
  strategy.prepareForCreate?.(object, { now: new Date(registry.now()), user: context.user })
  // Kinds that look at no metadata themselves complain of the rest first.
  const ofMetadata = validateObjectMeta(object.metadata, objectMetaRules(kind))
  const ofKind = strategy.validate?.(object) ?? []
  const ownMetadata = strategy.metadataValidation?.onUpdate?.length !== 0
  const found = ownMetadata || ofKind.length === 0 ? [...ofMetadata, ...ofKind] : ofKind
  if (found.length > 0) throw errors.invalid(kind.storedAs?.kind ?? kind, object.metadata.name ?? '', found)
  for (const text of strategy.warningsOnCreate?.(object) ?? []) context.warn(text)
}

function pretendCreate<T extends KubernetesObject>(resource: Resource<T>, object: T): Stored<T> {
  const { name = '', namespace } = object.metadata
  if (resource.store.get(namespace, name)) throw errors.alreadyExists(resource.groupResource, name)
  return notStored(object)
}
