import type { ManagedFieldsEntry } from '../object.js'
import { parseTime } from '../time/format-time.js'
import { emptyFieldSet, type FieldSet, inWireOrder, isEmptySet, parseFieldsV1, union } from './field-set.js'

/** Who writes: an Apply manager is known by name and subresource, an Update manager also by the version it wrote in. */
export interface ManagerIdentity {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource?: string
}

/** What one manager owns, at which version, since when. */
export interface ManagerEntry extends ManagerIdentity {
  readonly set: FieldSet
  /** RFC 3339, seconds; absent when the manager took ownership without changing the object. */
  readonly time?: string
}

/** Entries by identity. Treated as immutable except by whoever made it. */
export type Managers = Map<string, ManagerEntry>

/** The text that tells entries apart; its order is the order in which conflicts are listed. */
export function identityOf(identity: ManagerIdentity): string {
  const { operation, apiVersion, subresource } = identity
  const manager = identity.manager ? `"manager":${JSON.stringify(identity.manager)},` : ''
  const version = operation === 'Update' ? `,"apiVersion":${JSON.stringify(apiVersion)}` : ''
  return `{${manager}"operation":"${operation}"${version}${subresource ? `,"subresource":${JSON.stringify(subresource)}` : ''}}`
}

/** Reads metadata.managedFields that the server wrote itself. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  const managers: Managers = new Map()
  for (const entry of entries ?? []) {
    const read = entryOf(entry, (entry.fieldsV1 ?? emptyFieldSet) as FieldSet)
    sources.set(read, entry)
    managers.set(identityOf(read), read)
  }
  return managers
}

/** What entries were read from: those that have not changed are written back as they were. */
const sources = new WeakMap<ManagerEntry, ManagedFieldsEntry>()

/** Reads metadata.managedFields that a client sent. Throws an Error that says what is wrong with them. */
export function parseManagers(entries: unknown): Managers {
  if (!Array.isArray(entries)) throw new Error('managedFields must be a list')
  const managers: Managers = new Map()
  entries.forEach((entry: ManagedFieldsEntry, i) => {
    if (entry?.operation !== 'Apply' && entry?.operation !== 'Update') throw new Error('operation must be `Apply` or `Update`')
    if (!entry.apiVersion) throw new Error('apiVersion must not be empty')
    if (entry.fieldsType === undefined) throw new Error(`missing fieldsType in managed fields entry ${i}`)
    if (entry.fieldsType !== 'FieldsV1')
      throw new Error(`invalid fieldsType ${JSON.stringify(entry.fieldsType)} in managed fields entry ${i}`)
    const read = entryOf(entry, parseFieldsV1(entry.fieldsV1 ?? {}))
    managers.set(identityOf(read), read)
  })
  return managers
}

function entryOf(entry: ManagedFieldsEntry, set: FieldSet): ManagerEntry {
  return {
    manager: entry.manager ?? '',
    operation: entry.operation ?? 'Update',
    apiVersion: entry.apiVersion ?? '',
    ...(entry.subresource && { subresource: entry.subresource }),
    ...(entry.time && { time: entry.time }),
    set,
  }
}

/** metadata.managedFields in the order of the wire; undefined when nobody owns anything. */
export function writeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined
  const entries = [...managers.values()]
  if (entries.length > 1) entries.sort(compareEntries)
  return entries.map((entry) => sources.get(entry) ?? writeEntry(entry))
}

function writeEntry({ manager, operation, apiVersion, time, set, subresource }: ManagerEntry): ManagedFieldsEntry {
  const written: ManagedFieldsEntry = {}
  if (manager) written.manager = manager
  written.operation = operation
  written.apiVersion = apiVersion
  if (time) written.time = time
  written.fieldsType = 'FieldsV1'
  written.fieldsV1 = inWireOrder(set)
  if (subresource) written.subresource = subresource
  return written
}

function compareEntries(a: ManagerEntry, b: ManagerEntry): number {
  return (
    ascending(a.operation, b.operation) ||
    seconds(a) - seconds(b) ||
    ascending(a.manager, b.manager) ||
    ascending(a.apiVersion, b.apiVersion) ||
    ascending(a.subresource ?? '', b.subresource ?? '')
  )
}

function seconds(entry: ManagerEntry): number {
  return entry.time === undefined ? 0 : Math.floor((parseTime(entry.time) ?? 0) / 1000)
}

function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const maxUpdateManagers = 10

/** Merges the oldest Update entries of a version into `ancient-changes` until no more than ten are left. Changes `managers`. */
export function capUpdateManagers(managers: Managers): void {
  const updaters = [...managers].filter(([, entry]) => entry.operation === 'Update')
  let excess = updaters.length - maxUpdateManagers
  if (excess <= 0) return
  updaters.sort(([idOfA, a], [idOfB, b]) => seconds(a) - seconds(b) || ascending(idOfA, idOfB))
  const firstOfVersion = new Map<string, string>()
  for (const [id, entry] of updaters) {
    if (excess <= 0) return
    const first = firstOfVersion.get(entry.apiVersion)
    if (first === undefined) {
      firstOfVersion.set(entry.apiVersion, id)
      continue
    }
    const identity: ManagerIdentity = { manager: 'ancient-changes', operation: 'Update', apiVersion: entry.apiVersion }
    const bucket = identityOf(identity)
    const collected = managers.get(bucket) ?? managers.get(first)
    if (!managers.has(bucket)) managers.delete(first)
    managers.delete(id)
    managers.set(bucket, {
      ...identity,
      set: union(entry.set, collected?.set ?? emptyFieldSet),
      ...(entry.time && { time: entry.time }),
    })
    excess--
  }
}

/** Replaces the set of an entry, or removes the entry when the set is empty. Changes `managers`. */
export function setOwnership(managers: Managers, id: string, entry: ManagerEntry, set: FieldSet): void {
  if (isEmptySet(set)) managers.delete(id)
  else if (set !== entry.set) managers.set(id, { ...entry, set })
}
