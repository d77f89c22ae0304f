import type { ManagedFieldsEntry } from '../object.js'
import { difference, type FieldSet, fieldSetOf, fieldSetOfFields, hasPath } from './field-set.js'
import { identityOf, type Managers, readManagers, setOwnership, writeManagers } from './managers.js'
import type { PathElement } from './path-element.js'

const scaleVersion = 'autoscaling/v1'
const scaleReplicas: FieldSet = fieldSetOfFields('spec.replicas')
const scaleReplicasPath = ['f:spec', 'f:replicas']

/** Where each version of a kind keeps its replicas: path elements by apiVersion; undefined for a version without `scale`. */
export type ReplicasPaths = ReadonlyMap<string, readonly PathElement[] | undefined>

/** The managed fields of an object as its Scale shows them: those entries that own the replicas. */
export function toScaleFields(entries: readonly ManagedFieldsEntry[] | undefined, paths: ReplicasPaths): ManagedFieldsEntry[] | undefined {
  const result: Managers = new Map()
  for (const [id, entry] of readManagers(entries)) {
    const path = paths.get(entry.apiVersion)
    if (path && hasPath(entry.set, path)) result.set(id, { ...entry, apiVersion: scaleVersion, set: scaleReplicas })
  }
  return writeManagers(result)
}

/** The managed fields of an object after its Scale, which had `toScaleFields` of it, came to have `scaleEntries`. */
export function fromScaleFields(
  entries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  paths: ReplicasPaths,
  apiVersion: string,
): ManagedFieldsEntry[] | undefined {
  const scale = readManagers(scaleEntries)
  const result: Managers = new Map()
  for (const [id, entry] of readManagers(entries)) {
    if (!paths.has(entry.apiVersion)) continue
    result.set(id, entry)
    const path = paths.get(entry.apiVersion)
    if (!path || !hasPath(entry.set, path)) continue
    // The Scale's entries are known by the Scale's version where identity includes one.
    const scaleId = identityOf({ ...entry, apiVersion: scaleVersion })
    if (!scale.delete(scaleId) && !scale.delete(id)) setOwnership(result, id, entry, difference(entry.set, fieldSetOf(path)))
  }
  const replicas = paths.get(apiVersion)
  if (!replicas) return writeManagers(result)
  for (const entry of scale.values()) {
    if (!hasPath(entry.set, scaleReplicasPath)) continue
    // Upstream keeps no time for what comes from a Scale.
    const { time: _, ...identity } = entry
    const moved = { ...identity, apiVersion, set: fieldSetOf(replicas) }
    result.set(identityOf(moved), moved)
  }
  return writeManagers(result)
}
