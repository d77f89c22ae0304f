import { errors } from '../status/errors.js'
import type { StatusError } from '../status/status-error.js'
import { quote } from '../text/quote.js'
import { type FieldSet, hasPath, pathsOf } from './field-set.js'
import type { ManagerEntry } from './managers.js'
import { type PathElement, pathText } from './path-element.js'

/** A path that the applied configuration changes and another manager owns. */
export interface Conflict {
  /** Identity text of the other manager's entry. */
  readonly id: string
  readonly entry: ManagerEntry
  readonly path: readonly PathElement[]
}

/** The conflicts of one manager with a set of paths. */
export function conflictsOf(id: string, entry: ManagerEntry, paths: FieldSet): Conflict[] {
  return [...pathsOf(paths)].map((path) => ({ id, entry, path }))
}

/** The conflicts that are not about a path of `allowed`. */
export function conflictsOutside(conflicts: readonly Conflict[], allowed: FieldSet): Conflict[] {
  return conflicts.filter((conflict) => !hasPath(allowed, conflict.path))
}

/** 409 Conflict with one cause for each path. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(entry)}`,
    field: pathText(path),
  }))
  return errors.applyConflict(causes, conflictMessage(conflicts))
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts
  if (conflicts.length === 1 && first) {
    return `Apply failed with 1 conflict: conflict with ${managerText(first.entry)}: ${pathText(first.path)}`
  }
  const byManager = new Map<string, Conflict[]>()
  for (const conflict of conflicts) byManager.set(conflict.id, [...(byManager.get(conflict.id) ?? []), conflict])
  const lines = [...byManager]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => [
      `conflicts with ${managerText((group[0] as Conflict).entry)}:`,
      ...group.map(({ path }) => `- ${pathText(path)}`),
    ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

function managerText(entry: ManagerEntry): string {
  const subresource = entry.subresource ? ` with subresource ${quote(entry.subresource)}` : ''
  const using = entry.operation === 'Update' ? ` using ${entry.apiVersion}` : ''
  return `${quote(entry.manager)}${subresource}${using}`
}
