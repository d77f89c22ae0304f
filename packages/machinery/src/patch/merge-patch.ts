import { deepCopy, getKey, setKey } from '../objects/deep-copy.js'
import { deepEqual } from '../objects/deep-equal.js'
import { errors } from '../status/errors.js'

/**
 * Applies a JSON merge patch (RFC 7386) to a copy of the document: objects merge, `null` deletes, all else replaces.
 * As upstream, nulls inside of what is added are dropped. Throws BadRequest if the patch is no object.
 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (patch === null || patch === undefined) throw errors.badRequest('Invalid JSON Patch')
  if (!isObject(patch))
    throw errors.badRequest(`error decoding patch: json: cannot unmarshal ${kind(patch)} into Go value of type map[string]interface {}`)
  return merge(document, patch)
}

/** The patch that turns `from` into `to`; empty when they are equal. Neither may hold nulls that matter: a null in `to` deletes. */
export function createMergePatch(from: unknown, to: unknown): Record<string, unknown> {
  if (!isObject(from) || !isObject(to)) throw new TypeError('a merge patch needs two objects')
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(to)) {
    const before = getKey(from, key)
    const after = to[key]
    if (isObject(before) && isObject(after)) {
      const nested = createMergePatch(before, after)
      if (Object.keys(nested).length > 0) setKey(patch, key, nested)
    } else if (after !== undefined && !(Object.hasOwn(from, key) && deepEqual(before, after))) {
      setKey(patch, key, deepCopy(after))
    }
  }
  for (const key of Object.keys(from)) {
    if (from[key] !== undefined && getKey(to, key) === undefined) setKey(patch, key, null)
  }
  return patch
}

function merge(document: unknown, patch: Record<string, unknown>): unknown {
  if (!isObject(document)) return withoutNulls(patch)
  const merged: Record<string, unknown> = {}
  for (const key of Object.keys(document)) {
    const change = getKey(patch, key)
    if (change === undefined) setKey(merged, key, deepCopy(document[key]))
    else if (change !== null) setKey(merged, key, replaced(document[key], change))
  }
  for (const key of Object.keys(patch)) {
    if (!Object.hasOwn(document, key) && patch[key] !== null) setKey(merged, key, withoutNulls(patch[key]))
  }
  return merged
}

function replaced(before: unknown, change: unknown): unknown {
  if (isObject(change)) return merge(before, change)
  return isObject(before) ? deepCopy(change) : withoutNulls(change)
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const kept: Record<string, unknown> = {}
  for (const key of Object.keys(value)) if (value[key] !== null) setKey(kept, key, withoutNulls(value[key]))
  return kept
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
