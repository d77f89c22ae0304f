import type { KubernetesObject, ManagedFieldsEntry } from '../object.js'
import { deepEqual } from '../objects/deep-equal.js'
import { deepFreeze } from '../objects/deep-freeze.js'
import { normalise } from '../schema/normalise.js'
import type { StructSchema } from '../schema/schema.js'
import { formatTime } from '../time/format-time.js'
import { objectProblems } from './check-config.js'
import { isSame } from './compare.js'
import { difference, type FieldSet, isEmptySet, recursiveDifference, union } from './field-set.js'
import {
  capUpdateManagers,
  identityOf,
  type ManagerIdentity,
  type Managers,
  parseManagers,
  readManagers,
  writeManagers,
} from './managers.js'
import { effectsOf, neverOwned, type OwnershipContext, reconcileManagers } from './ownership.js'

/** A write by any means but server-side apply. */
export interface UpdateRecord extends OwnershipContext {
  /** The stored object; undefined on create. */
  readonly before?: KubernetesObject
  /** The object to be stored, decoded and defaulted. Its metadata.managedFields is set. */
  readonly after: KubernetesObject
  /** Field manager; empty means `unknown`. */
  readonly manager: string
  readonly subresource?: string
  readonly now: Date
}

/**
 * Records who owns what after a create, an update, or a patch other than apply: what was added or changed goes to the
 * manager's Update entry and leaves all others; what is gone leaves all. Sets `after.metadata.managedFields`.
 * Never fails: an object that does not fit its schema, or did not, ends up without managed fields, as upstream's does.
 */
export function recordUpdate(record: UpdateRecord): void {
  const { before, after, subresource } = record
  const given = after.metadata.managedFields
  const known = before?.metadata.managedFields
  const managers = givenManagers(subresource ? known : given, known)
  const tracked = managers !== undefined && (managers.size > 0 || before === undefined)
  setManagedFields(after, tracked ? recorded(record, managers, given) : undefined)
}

/** Sets or removes metadata.managedFields. */
export function setManagedFields(object: KubernetesObject, entries: ManagedFieldsEntry[] | undefined): void {
  if (entries) object.metadata.managedFields = entries
  else delete object.metadata.managedFields
}

// Clients may set the entries themselves and may reset them; those who know nothing of them leave them out.
function givenManagers(
  given: readonly ManagedFieldsEntry[] | null | undefined,
  known: readonly ManagedFieldsEntry[] | undefined,
): Managers | undefined {
  if (!given || given === known || deepEqual(given, known)) return readManagers(known)
  if (given.length === 0 || (given.length === 1 && isEmptyEntry(given[0]))) return undefined
  const parsed = tryParse(given)
  return parsed && parsed.size > 0 ? parsed : readManagers(known)
}

function isEmptyEntry(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && Object.keys(entry).length === 0
}

function tryParse(given: readonly ManagedFieldsEntry[]): Managers | undefined {
  try {
    return parseManagers(given)
  } catch {
    // Upstream falls back to the stored entries when those of the request cannot be read.
    return undefined
  }
}

function recorded(record: UpdateRecord, managers: Managers, given: ManagedFieldsEntry[] | undefined): ManagedFieldsEntry[] | undefined {
  const { before, after } = record
  try {
    const live = before ?? emptyObject(record.schema, after)
    if (record.schemaMayChange && !(fits(record.schema, after) && fits(record.schema, live))) return undefined
    const reconciled = reconcileManagers(record, live, managers)
    const changed = recordOwner(record, live, after, managers) || reconciled
    if (!changed && before && (given === undefined || deepEqual(given, before.metadata.managedFields))) return before.metadata.managedFields
    capUpdateManagers(managers)
    return writeManagers(managers)
  } catch {
    // A list item without its keys: see the contract of recordUpdate.
    return undefined
  }
}

function fits(schema: StructSchema, object: object): boolean {
  return objectProblems(schema, object).length === 0
}

/** Gives what changed to the Update entry of `record.manager`. Changes `managers`; false when it changed nothing. */
export function recordOwner(
  record: OwnershipContext & { readonly manager: string; readonly subresource?: string; readonly now: Date },
  before: object,
  after: object,
  managers: Managers,
): boolean {
  const sizeBefore = managers.size
  const effects = effectsOf(record, before, after, managers, undefined)
  if (isSame(effects.comparison) && managers.size === sizeBefore) return false
  effects.takeOver()
  const identity: ManagerIdentity = {
    manager: record.manager || 'unknown',
    operation: 'Update',
    apiVersion: record.apiVersion,
    ...(record.subresource && { subresource: record.subresource }),
  }
  const gained = ownable(union(effects.comparison.modified, effects.comparison.added), record.resetFields)
  if (!isEmptySet(gained)) {
    const id = identityOf(identity)
    const previous = managers.get(id)
    managers.set(id, { ...identity, set: previous ? union(previous.set, gained) : gained, time: formatTime(record.now) })
  }
  return true
}

/** The paths of a set that a manager can own through this request. */
export function ownable(set: FieldSet, resetFields: FieldSet | undefined): FieldSet {
  return difference(resetFields ? recursiveDifference(set, resetFields) : set, neverOwned)
}

/** What a new object of the kind looks like before anyone sets a field. Not to be changed. */
export function emptyObject(schema: StructSchema, like: KubernetesObject): KubernetesObject {
  const known = emptyObjects.get(schema)
  if (known && known.kind === like.kind && known.apiVersion === like.apiVersion) return known
  const empty = deepFreeze(normalise(schema, { apiVersion: like.apiVersion, kind: like.kind } as KubernetesObject))
  emptyObjects.set(schema, empty)
  return empty
}

const emptyObjects = new WeakMap<StructSchema, KubernetesObject>()
