import type { KubernetesObject } from '../object.js'
import { deepEqual } from '../objects/deep-equal.js'
import { errors } from '../status/errors.js'
import type { StatusError } from '../status/status-error.js'
import { formatTime } from '../time/format-time.js'
import { configProblems, objectProblems, problemsText } from './check-config.js'
import { type Conflict, conflictError, conflictsOutside } from './conflicts.js'
import { difference, intersection, isEmptySet, recursiveDifference, union } from './field-set.js'
import { lastAppliedFields, updateLastApplied } from './last-applied.js'
import { identityOf, type ManagerEntry, type ManagerIdentity, type Managers, readManagers, writeManagers } from './managers.js'
import { mergeObjects } from './merge.js'
import { withNamedFields } from './named-fields.js'
import { effectsOf, type OwnershipContext, ownedAt, reconcileManagers, versionOf } from './ownership.js'
import { emptyObject, ownable, recordOwner, setManagedFields } from './record-update.js'
import { removePaths } from './remove-paths.js'
import { toFieldSet } from './to-field-set.js'

/** A server-side apply. */
export interface ApplyRequest extends OwnershipContext {
  /** The stored object at `apiVersion`; undefined when the apply creates it. */
  readonly live?: KubernetesObject
  /** What the user applies, decoded. */
  readonly config: KubernetesObject
  readonly manager: string
  /** Take what others own. */
  readonly force: boolean
  readonly subresource?: string
  /** Kind of the URL. */
  readonly kind: string
  readonly now: Date
}

/**
 * Lays a configuration over the live object (KEP-555): merges it, takes away what the manager applied before and applies
 * no more, and records the manager's fields. Returns a new object with its managed fields, neither normalised nor
 * defaulted; it shares values with `live` and `config`.
 * Throws StatusError: 409 with a FieldManagerConflict cause per contested path, 400 for another kind or for managed
 * fields in the configuration, 500 without reason when the configuration does not fit the schema.
 */
export function applyPatch(request: ApplyRequest): KubernetesObject {
  const { config, schema, apiVersion, kind } = request
  if (config.apiVersion !== apiVersion || config.kind !== kind) {
    throw errors.badRequest(`invalid object type: ${kindText(config.apiVersion ?? '', config.kind ?? '')}`)
  }
  if (config.metadata?.managedFields !== undefined && config.metadata.managedFields !== null)
    throw errors.badRequest('metadata.managedFields must be nil')
  const { live, schemaMayChange } = request
  const problemsOfLive = live && schemaMayChange ? objectProblems(schema, live) : []
  if (live && problemsOfLive.length > 0 && !live.metadata.managedFields?.length) {
    const subject = subjectOf(request, live)
    throw errors.untyped(
      `failed to create manager for existing fields: failed to convert new object (${subject}) to smd typed: ${problemsText(problemsOfLive)}`,
    )
  }
  const problems = configProblems(schema, config)
  if (problems.length > 0) throw unreadable('patch', request, config, problems)
  if (live && problemsOfLive.length > 0) throw unreadable('live', request, live, problemsOfLive)
  const object = applyChecked(request, request.force)
  if (request.manager === 'kubectl') updateLastApplied(object, config)
  return object
}

function unreadable(which: string, request: ApplyRequest, object: KubernetesObject, problems: string[]): StatusError {
  return errors.untyped(`failed to create typed ${which} object (${subjectOf(request, object)}): ${problemsText(problems)}`)
}

function subjectOf({ apiVersion, kind }: ApplyRequest, { metadata }: KubernetesObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}; ${kindText(apiVersion, kind)}`
}

function applyChecked(request: ApplyRequest, force: boolean): KubernetesObject {
  const live = request.live ?? emptyObject(request.schema, request.config)
  const managers = liveManagers(request, live)
  reconcileManagers(request, live, managers)
  const identity: ManagerIdentity = {
    manager: request.manager,
    operation: 'Apply',
    apiVersion: request.apiVersion,
    ...(request.subresource && { subresource: request.subresource }),
  }
  const id = identityOf(identity)
  const previous = managers.get(id)
  const everything = toFieldSet(request.schema, request.config)
  const applied = request.resetFields ? recursiveDifference(everything, request.resetFields) : everything
  const entry: ManagerEntry = { ...identity, set: applied, ...(previous?.time && { time: previous.time }) }
  managers.set(id, entry)
  const merged = mergeObjects(request.schema, live, request.config)
  const pruned = previous && givesUp(previous, entry) ? prune(request, merged, managers, previous) : merged
  const effects = effectsOf(request, live, pruned, managers, id)
  if (!force && effects.conflicts.length > 0) return contested(request, live, effects.conflicts)
  effects.takeOver()
  const owned = ownable(applied, request.resetFields)
  const changed = !deepEqual(live, pruned)
  if (isEmptySet(owned)) managers.delete(id)
  else managers.set(id, { ...entry, set: owned, ...(changed && { time: formatTime(request.now) }) })
  const object: KubernetesObject = { ...(changed ? pruned : live) }
  object.metadata = { ...object.metadata }
  setManagedFields(object, writeManagers(managers))
  return object
}

// What an object had before it was first applied belongs to one manager of that name.
function liveManagers(request: ApplyRequest, live: KubernetesObject): Managers {
  const managers = readManagers(live.metadata?.managedFields)
  if (managers.size === 0) {
    recordOwner({ ...request, manager: 'before-first-apply' }, emptyObject(request.schema, live), live, managers)
  }
  return managers
}

function contested(request: ApplyRequest, live: KubernetesObject, conflicts: readonly Conflict[]): KubernetesObject {
  const allowed = request.manager === 'kubectl' ? lastAppliedFields(request.schema, live, request.apiVersion) : undefined
  const left = allowed ? conflictsOutside(conflicts, allowed) : conflicts
  if (left.length > 0) throw conflictError(left)
  return applyChecked(request, true)
}

function givesUp(previous: ManagerEntry, next: ManagerEntry): boolean {
  return previous.apiVersion !== next.apiVersion || !isEmptySet(difference(previous.set, next.set))
}

// Takes away what the manager applied last time, does not apply now, and nobody else owns.
function prune(request: ApplyRequest, merged: KubernetesObject, managers: Managers, previous: ManagerEntry): KubernetesObject {
  if (isEmptySet(previous.set)) return merged
  const atLast = versionOf(request, merged, previous, 'failed to prune fields: failed to convert merged object to last applied version: ')
  if (!atLast) return merged
  const { schema } = atLast
  const versioned = atLast.object as KubernetesObject
  const last = withNamedFields(schema, previous.set)
  let pruned: KubernetesObject = removePaths(schema, versioned, last)
  const versions = [previous.apiVersion, ...[...managers.values()].map((entry) => entry.apiVersion)]
  for (const version of new Set(versions)) pruned = addBackOwned(request, merged, pruned, managers, version, previous.apiVersion)
  const kept = withNamedFields(schema, toFieldSet(schema, pruned))
  const all = withNamedFields(schema, toFieldSet(schema, versioned))
  const result = removePaths(schema, versioned, intersection(difference(all, kept), last))
  return previous.apiVersion === request.apiVersion ? result : atVersion(request, result, request.apiVersion)
}

function addBackOwned(
  request: ApplyRequest,
  merged: KubernetesObject,
  pruned: KubernetesObject,
  managers: Managers,
  version: string,
  prunedVersion: string,
): KubernetesObject {
  const owned = ownedAt(managers, version)
  const failure = `failed to prune fields: failed add back owned items: failed to convert merged object at version ${version}: `
  const all = versionOf(request, merged, { apiVersion: version }, failure)
  const left = version === prunedVersion ? pruned : all && atVersion(request, pruned, version)
  if (!all || !left || isEmptySet(owned)) return pruned
  const { schema, object } = all
  const everything = withNamedFields(schema, toFieldSet(schema, object))
  const keep = union(withNamedFields(schema, toFieldSet(schema, left)), withNamedFields(schema, owned))
  const result = removePaths(schema, object, difference(everything, keep)) as KubernetesObject
  return version === prunedVersion ? result : atVersion(request, result, prunedVersion)
}

function atVersion(request: ApplyRequest, object: KubernetesObject, version: string): KubernetesObject {
  if (object.apiVersion === version || !request.convert) return object
  return (request.convert(object, version)?.object ?? object) as KubernetesObject
}

function kindText(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`
}
