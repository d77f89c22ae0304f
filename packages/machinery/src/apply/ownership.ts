import type { StructSchema } from '../schema/schema.js'
import { errors } from '../status/errors.js'
import { configProblems, problemsText } from './check-config.js'
import { type Comparison, compareObjects, excludeFields } from './compare.js'
import { type Conflict, conflictsOf } from './conflicts.js'
import { difference, emptyFieldSet, type FieldSet, fieldSetOfFields, intersection, isEmptySet, union } from './field-set.js'
import { type ManagerEntry, type Managers, setOwnership } from './managers.js'
import { reconcileWithSchema } from './reconcile-schema.js'

/** An object at another version of its kind. */
export interface VersionedObject {
  readonly object: object
  readonly schema: StructSchema
}

/** Gives an object at another apiVersion; undefined when that version is not served, whose entries are then dropped. */
export type ConvertObject = (object: object, apiVersion: string) => VersionedObject | undefined

/** What both ways of recording ownership need to know about the kind and the request. */
export interface OwnershipContext {
  /** Schema of the kind at `apiVersion`. */
  readonly schema: StructSchema
  /** Version of the request's URL. */
  readonly apiVersion: string
  /** Needed by kinds with several versions; without it an entry at another version is compared by `schema`. */
  readonly convert?: ConvertObject
  /** Paths that the request cannot change (`status` on the main resource, `spec` on `status`), by their topmost fields. */
  readonly resetFields?: FieldSet
  /** The kind's schema may have changed since the sets were recorded (custom resources). */
  readonly schemaMayChange?: boolean
}

/** Metadata and type fields that nobody owns. */
export const neverOwned: FieldSet = fieldSetOfFields(
  'apiVersion',
  'kind',
  'metadata',
  'metadata.name',
  'metadata.namespace',
  'metadata.creationTimestamp',
  'metadata.selfLink',
  'metadata.uid',
  'metadata.clusterName',
  'metadata.generation',
  'metadata.managedFields',
  'metadata.resourceVersion',
)

/** Adapts sets recorded under an older schema. Changes `managers`; false when none needed it. */
export function reconcileManagers(context: OwnershipContext, live: object, managers: Managers): boolean {
  if (!context.schemaMayChange) return false
  let changed = false
  for (const [id, entry] of managers) {
    const schema = versionOf(context, live, entry, '')?.schema
    const set = schema ? reconcileWithSchema(entry.set, schema) : entry.set
    if (set === entry.set) continue
    changed = true
    setOwnership(managers, id, entry, set)
  }
  return changed
}

/** What a change of the object means for one manager: paths it owns that got another value, and paths that are gone. */
export interface Effects {
  readonly comparison: Comparison
  readonly conflicts: readonly Conflict[]
  /** Takes all conflicting and removed paths from the other managers. */
  takeOver(): void
}

/** Compares the object before and after at each manager's version. `self` is the entry that never conflicts. Drops entries of unserved versions. */
export function effectsOf(context: OwnershipContext, before: object, after: object, managers: Managers, self: string | undefined): Effects {
  const comparison = excludeFields(compareObjects(context.schema, before, after), context.resetFields)
  const byVersion = new Map<string, Comparison | undefined>([[context.apiVersion, comparison]])
  const conflicts: Conflict[] = []
  const losses: (readonly [string, ManagerEntry, FieldSet])[] = []
  for (const [id, entry] of managers) {
    if (id === self) continue
    if (!byVersion.has(entry.apiVersion)) byVersion.set(entry.apiVersion, compareAtVersion(context, before, after, entry))
    const seen = byVersion.get(entry.apiVersion)
    if (!seen) {
      managers.delete(id)
      continue
    }
    const contested = intersection(entry.set, union(seen.modified, seen.added))
    conflicts.push(...conflictsOf(id, entry, contested))
    if (!isEmptySet(contested) || !isEmptySet(seen.removed))
      losses.push([id, entry, difference(difference(entry.set, contested), seen.removed)])
  }
  return {
    comparison,
    conflicts: conflicts.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    takeOver: () => {
      for (const [id, entry, left] of losses) setOwnership(managers, id, entry, left)
    },
  }
}

function compareAtVersion(context: OwnershipContext, before: object, after: object, entry: ManagerEntry): Comparison | undefined {
  const old = versionOf(context, before, entry, 'failed to convert old object: ')
  const next = versionOf(context, after, entry, 'failed to convert new object: ')
  return old && next && excludeFields(compareObjects(next.schema, old.object, next.object), context.resetFields)
}

/**
 * The object at the version an entry was recorded at. Throws StatusError 500, which begins with `failure`, for one that
 * does not fit the schema of that version.
 */
export function versionOf(
  context: OwnershipContext,
  object: object,
  entry: { readonly apiVersion: string },
  failure: string,
): VersionedObject | undefined {
  if (entry.apiVersion === context.apiVersion || !context.convert) return { object, schema: context.schema }
  const versioned = context.convert(object, entry.apiVersion)
  const problems = versioned && context.schemaMayChange ? configProblems(versioned.schema, versioned.object) : []
  if (problems.length > 0) throw errors.untyped(failure + problemsText(problems))
  return versioned
}

/** All paths of all entries recorded at one version. */
export function ownedAt(managers: Managers, apiVersion: string): FieldSet {
  let owned = emptyFieldSet
  for (const entry of managers.values()) if (entry.apiVersion === apiVersion) owned = union(owned, entry.set)
  return owned
}
