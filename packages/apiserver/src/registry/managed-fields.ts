import type { Kind } from '@treeline/api'
import {
  applyPatch,
  type ConvertObject,
  type FieldSet,
  fieldSetOfFields,
  type KubernetesObject,
  keepUnchangedTimes,
  type OwnershipContext,
  recordUpdate,
} from '@treeline/machinery'
import type { Resource } from './resource.js'
import type { ServedKinds } from './served-kinds.js'
import type { WriteContext } from './write-context.js'

/** Records in `object` that its creator owns every field. */
export function recordCreate<T extends KubernetesObject>(
  kinds: ServedKinds,
  resource: Resource<T>,
  object: T,
  context: WriteContext,
  now: number,
): void {
  recordUpdate({
    ...ownershipContext(kinds, resource, context.subresource),
    after: object,
    manager: context.fieldManager,
    now: new Date(now),
  })
}

/** Records in `after` who owns what once `before` has become it by an update, or a patch that is no apply. */
export function recordChange<T extends KubernetesObject>(
  kinds: ServedKinds,
  resource: Resource<T>,
  before: T,
  after: T,
  context: WriteContext,
  now: number,
): void {
  recordUpdate({
    ...ownershipContext(kinds, resource, context.subresource),
    before,
    after,
    manager: context.fieldManager,
    subresource: context.subresource,
    now: new Date(now),
  })
}

/** Lays `config` over `live` by the rules of server-side apply. Throws StatusError 400, 409 and 500. */
export function applyConfiguration<T extends KubernetesObject>(
  kinds: ServedKinds,
  resource: Resource<T>,
  live: T | undefined,
  config: KubernetesObject,
  force: boolean,
  context: WriteContext,
  now: number,
): T {
  return applyPatch({
    ...ownershipContext(kinds, resource, context.subresource),
    kind: resource.kind.kind,
    live,
    config,
    force,
    manager: context.fieldManager,
    subresource: context.subresource,
    now: new Date(now),
  }) as T
}

/** Puts the old times back where nothing but the times of managed fields differs. */
export { keepUnchangedTimes }

const resetSets = new WeakMap<object, FieldSet>()

function ownershipContext<T extends KubernetesObject>(kinds: ServedKinds, resource: Resource<T>, subresource: string): OwnershipContext {
  const { kind, apiVersion } = resource
  return {
    schema: kind.schema,
    apiVersion,
    convert: converterOf(kinds, kind as unknown as Kind),
    resetFields: resetFieldsOf(kind as unknown as Kind, subresource),
    schemaMayChange: kind.custom,
  }
}

function resetFieldsOf({ strategy }: Kind, subresource: string): FieldSet | undefined {
  const paths = strategy.resetFields?.[subresource]
  if (!paths) return undefined
  const known = resetSets.get(paths)
  if (known) return known
  const set = fieldSetOfFields(...paths)
  resetSets.set(paths, set)
  return set
}

interface KnownConverter {
  readonly kinds: ServedKinds
  /** Of the table of kinds when it was made. */
  readonly generation: number
  readonly convert: ConvertObject | undefined
}

const converters = new WeakMap<Kind, KnownConverter>()

function converterOf(kinds: ServedKinds, kind: Kind): ConvertObject | undefined {
  const { generation } = kinds
  let known = converters.get(kind)
  if (known?.kinds !== kinds || known.generation !== generation) {
    known = { kinds, generation, convert: newConverter(kinds, kind) }
    converters.set(kind, known)
  }
  return known.convert
}

/** Leads between the versions of a kind, by way of the stored one; absent for kinds with one version only. */
function newConverter(kinds: ServedKinds, kind: Kind): ConvertObject | undefined {
  const storedKind = kind.storedAs?.kind ?? kind
  if (!kind.storedAs && !kind.unservedVersions && kinds.versions(kind.group).length < 2) return undefined
  return (object, apiVersion) => {
    const slash = apiVersion.lastIndexOf('/')
    const group = slash < 0 ? '' : apiVersion.slice(0, slash)
    const version = apiVersion.slice(slash + 1)
    const unserved = group === kind.group ? kind.unservedVersions?.find((other) => other.version === version) : undefined
    const target = unserved ?? kinds.find(group, version, kind.plural)?.kind
    if (!target || (target.storedAs?.kind ?? target) !== storedKind) return undefined
    // Versions of a custom kind differ in name only; what their schemas make of an object is not asked here.
    if (kind.custom) return { object: { ...(object as KubernetesObject), apiVersion }, schema: target.schema }
    const stored = kind.storedAs ? kind.storedAs.toStored(object as KubernetesObject) : (object as KubernetesObject)
    return { object: target.storedAs ? target.storedAs.fromStored(stored) : stored, schema: target.schema }
  }
}
