import { deepEqual, type FieldPath } from '@treeline/machinery'
import type { Findings } from './findings.js'

export const immutableMessage = 'field is immutable'

/** A value that stays what it was when the object was made. */
export function checkImmutable(found: Findings, value: unknown, old: unknown, path: FieldPath): void {
  if (!sameValue(value, old)) found.invalid(path, value ?? null, immutableMessage)
}

/** Equality as stored objects have it: absent, null, and empty lists and maps are one. */
export function sameValue(a: unknown, b: unknown): boolean {
  return deepEqual(present(a), present(b))
}

function present(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value ?? undefined
  return Object.keys(value).length === 0 ? undefined : value
}
