import { deepCopy, getKey, setKey } from '../objects/deep-copy.js'
import { deepEqual } from '../objects/deep-equal.js'
import { errors } from '../status/errors.js'
import type { StatusError } from '../status/status-error.js'
import { quote } from '../text/quote.js'
import { arrayIndex, pointerSteps } from './json-pointer.js'

/** One step of a JSON patch (RFC 6902). */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

export interface JsonPatchLimits {
  /** 10000 by default. */
  readonly maxOperations?: number
  /** Bytes of JSON that `copy` may add in all; 3 MiB by default. */
  readonly maxCopiedBytes?: number
}

/**
 * Applies a JSON patch to a copy of the document and returns that. As upstream, `replace` of an absent key adds it, and
 * negative indexes count from the end (add at -1 appends). Throws StatusError: BadRequest if the patch is none,
 * RequestEntityTooLarge beyond the operations allowed, else Invalid with the problem as `cause`.
 */
export function applyJsonPatch(document: unknown, operations: unknown, limits: JsonPatchLimits = {}): unknown {
  const { maxOperations = 10_000, maxCopiedBytes = 3 * 1024 * 1024 } = limits
  const patch = checkOperations(operations)
  if (patch.length > maxOperations) {
    throw errors.requestEntityTooLarge(`The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`)
  }
  const state: PatchState = { root: deepCopy(document), copyBudget: maxCopiedBytes }
  try {
    for (const operation of patch) step(state, operation)
  } catch (problem) {
    if (problem instanceof JsonPatchError) throw errors.genericResponse(422, { cause: problem })
    throw problem
  }
  return state.root
}

/** Why an operation does not apply. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError'
}

interface PatchState {
  root: unknown
  copyBudget: number
}

type RawOperation = Record<string, unknown>

/** `unknown field "[0].x"` for each member of an operation that RFC 6902 does not know. */
export function unknownJsonPatchFields(operations: unknown): string[] {
  return (Array.isArray(operations) ? operations : []).flatMap((operation, i) =>
    Object.keys(isObject(operation) ? operation : {})
      .filter((key) => !operationFields.has(key))
      .map((key) => `unknown field ${quote(`[${i}].${key}`)}`),
  )
}

const operationFields: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value'])

function checkOperations(operations: unknown): RawOperation[] {
  if (operations === null || operations === undefined) return []
  if (!Array.isArray(operations)) throw undecodable(operations, 'value of type []handlers.jsonPatchOp')
  return operations.map((operation: unknown) => {
    if (operation === null) return {}
    if (!isObject(operation)) throw undecodable(operation, 'value of type handlers.jsonPatchOp')
    for (const field of ['op', 'path', 'from']) {
      const text = getKey(operation, field) ?? ''
      if (typeof text !== 'string') throw undecodable(text, `struct field jsonPatchOp.${field} of type string`)
    }
    return operation
  })
}

function undecodable(value: unknown, target: string): StatusError {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return errors.badRequest(`error decoding patch: json: cannot unmarshal ${kind} into Go ${target}`)
}

function isObject(value: unknown): value is RawOperation {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function step(state: PatchState, operation: RawOperation): void {
  const kind = getKey(operation, 'op')
  const apply = typeof kind === 'string' && Object.hasOwn(steps, kind) ? steps[kind as JsonPatchOperation['op']] : undefined
  if (!apply) throw new JsonPatchError(`Unexpected kind: ${typeof kind === 'string' ? kind : 'unknown'}`)
  apply(state, operation)
}

const steps: Readonly<Record<JsonPatchOperation['op'], (state: PatchState, operation: RawOperation) => void>> = {
  add: (state, operation) => locate(state, operation, 'path').add(copyOfValue(operation)),
  remove: (state, operation) => locate(state, operation, 'path').remove(),
  replace,
  move(state, operation) {
    const from = locate(state, operation, 'from')
    const value = from.get()
    from.remove()
    locate(state, operation, 'path').add(value)
  },
  copy(state, operation) {
    const value = locate(state, operation, 'from').get() ?? null
    const target = locate(state, operation, 'path')
    state.copyBudget -= Buffer.byteLength(JSON.stringify(value))
    if (state.copyBudget < 0) throw new JsonPatchError('the copies of this patch exceed the size allowed')
    target.add(deepCopy(value))
  },
  test,
}

function replace(state: PatchState, operation: RawOperation): void {
  const value = copyOfValue(operation)
  if (textOf(operation, 'path') !== '') locate(state, operation, 'path').replace(value)
  else if (typeof value === 'object' && value !== null) state.root = value
  else throw new JsonPatchError('replace operation value must be object or array')
}

function test(state: PatchState, operation: RawOperation): void {
  const path = textOf(operation, 'path')
  const actual = path === '' ? state.root : (locate(state, operation, 'path').get() ?? null)
  if (!deepEqual(actual, getKey(operation, 'value') ?? null)) throw new JsonPatchError(`testing value ${path} failed: test failed`)
}

function textOf(operation: RawOperation, name: 'path' | 'from'): string {
  const text = getKey(operation, name)
  if (typeof text !== 'string') throw new JsonPatchError(`${String(getKey(operation, 'op'))} operation failed to decode ${name}`)
  return text
}

function copyOfValue(operation: RawOperation): unknown {
  return deepCopy(getKey(operation, 'value') ?? null)
}

/** A place inside the document that may or may not hold a value. */
interface Place {
  /** The value, or undefined when a key is absent; throws for an index out of range. */
  get(): unknown
  add(value: unknown): void
  replace(value: unknown): void
  remove(): void
}

function locate(state: PatchState, operation: RawOperation, pointer: 'path' | 'from'): Place {
  const path = textOf(operation, pointer)
  const [last, ...parents] = (pointerSteps(path) ?? []).reverse()
  if (last === undefined) throw missing(operation, path)
  let container = state.root
  for (const key of parents.reverse()) {
    container = Array.isArray(container) ? container[indexOf(container, key, path)] : child(container, key)
    if (typeof container !== 'object' || container === null) throw missing(operation, path)
  }
  if (Array.isArray(container)) return listPlace(container, last, path)
  return keyPlace(container as Record<string, unknown>, last)
}

function child(container: unknown, key: string): unknown {
  return typeof container === 'object' && container !== null ? getKey(container as Record<string, unknown>, key) : undefined
}

function missing(operation: RawOperation, path: string): JsonPatchError {
  return new JsonPatchError(`${String(getKey(operation, 'op'))} operation does not apply: doc is missing path: ${path}`)
}

function keyPlace(object: Record<string, unknown>, key: string): Place {
  const set = (value: unknown) => setKey(object, key, value)
  return {
    get: () => getKey(object, key),
    add: set,
    replace: set,
    remove: () => {
      if (!Object.hasOwn(object, key)) throw new JsonPatchError(`Unable to remove nonexistent key: ${key}`)
      delete object[key]
    },
  }
}

function listPlace(list: unknown[], step: string, path: string): Place {
  return {
    get: () => list[indexOf(list, step, path)],
    add: (value) => {
      list.splice(step === '-' ? list.length : indexOf(list, step, path, 1), 0, value)
    },
    replace: (value) => {
      list[indexOf(list, step, path)] = value
    },
    remove: () => {
      list.splice(indexOf(list, step, path), 1)
    },
  }
}

/** A position in the list; `room` is 1 where the end of the list is a position too. */
function indexOf(list: readonly unknown[], step: string, path: string, room: 0 | 1 = 0): number {
  const index = arrayIndex(step)
  const size = list.length + room
  if (index === undefined || index >= size || index < -size) throw new JsonPatchError(`Unable to access invalid index: ${step}: ${path}`)
  return index < 0 ? index + size : index
}
