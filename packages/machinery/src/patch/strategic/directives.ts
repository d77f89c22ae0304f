import { errors } from '../../status/errors.js'
import type { StatusError } from '../../status/status-error.js'
import { goValue } from '../../text/go-value.js'

/** An object inside a strategic merge patch or its target. */
export type Fields = Record<string, unknown>

/** `$patch` of an object: `replace` takes the patch as it is, `delete` empties or removes, `merge` is the default. */
export const patchDirective = '$patch'
/** Of an object: all keys but these are dropped. */
export const retainKeysDirective = '$retainKeys'
/** Before `/field`: values to take out of a list of scalars. */
export const deletePrefix = '$deleteFromPrimitiveList'
/** Before `/field`: the order the list shall have. */
export const orderPrefix = '$setElementOrder'

/** The field a directive such as `$setElementOrder/containers` is about. */
export function directiveField(key: string, prefix: typeof deletePrefix | typeof orderPrefix): string {
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1)
  throw prefix === deletePrefix ? problems.deleteListFormat() : problems.orderListFormat()
}

/** What may be wrong with a strategic merge patch. Only format errors have a reason on the wire; the others are bare 500s. */
export const problems = {
  deleteListFormat: () => errors.badRequest('invalid patch format of primitive list'),
  retainKeysFormat: () => errors.badRequest('invalid patch format of retainKeys'),
  orderListFormat: () => errors.badRequest('invalid patch format of setElementOrder list'),
  listOfLists: () => errors.genericResponse(422, { cause: new Error('lists of lists are not supported') }),
  noMergeKey: (item: Fields, key: string) => errors.untyped(`map: ${goValue(item)} does not contain declared merge key: ${key}`),
  unknownDirective: (directive: unknown, item: Fields) =>
    errors.untyped(`unknown patch type: ${typeof directive === 'string' ? directive : goOperand(directive)} in map: ${goValue(item)}`),
  mixedElements: (lists: readonly (readonly unknown[])[]) => errors.untyped(`list element types are not identical: ${goValue(lists)}`),
  noElements: () => errors.untyped('no elements in any of the given slices'),
  mergingLists: () => errors.untyped('merging lists cannot yet be specified in the patch'),
  listWithoutKey: () => errors.untyped('cannot merge lists without merge key for struct'),
  wrongType: (expected: 'map' | 'list', actual: unknown) =>
    errors.untyped(`expected a ${expected === 'map' ? goMap : goList}, but received a ${goType(actual)}`),
  orderMismatch: (items: unknown, order: unknown) =>
    errors.untyped(`The order in patch list:\n${goValue(items)}\n doesn't match ${orderPrefix} list:\n${goValue(order)}\n`),
} satisfies Record<string, (...details: never[]) => StatusError>

const goMap = 'map[string]interface {}'
const goList = '[]interface {}'

function goType(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)'
  if (Array.isArray(value)) return goList
  if (typeof value === 'object') return goMap
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

/** Go's `%s` of what is no string. */
function goOperand(value: unknown): string {
  return value === null ? '%!s(<nil>)' : `%!s(${goType(value)}=${goValue(value)})`
}
