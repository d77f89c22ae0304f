import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  DecodeError,
  decodeJson,
  decodeYaml,
  errors,
  getKey,
  isObject,
  type KubernetesObject,
  normalise,
  setKey,
} from '@treeline/machinery'
import type { Resource } from '../resource.js'

/** A patch that was read: how it changes an object, and what strict reading found wrong with its text. */
export interface ReadPatch {
  /** The patched object; shares values with `current`. Throws StatusError. */
  readonly patch: (current: KubernetesObject) => unknown
  readonly strict: readonly string[]
  /** What messages show of it: the patch, or the patched object with the keys in order wherever the patch went. */
  readonly shown: (patched: unknown) => string
  /** The result's type is not looked at: it is of the kind of the URL. */
  readonly ofKnownKind?: true
}

/** The ways to patch, by media type. Apply is none of them: it owns what it writes. */
export const patchTypes: Readonly<Record<string, (bytes: Buffer, resource: Resource) => ReadPatch>> = {
  'application/json-patch+json': readJsonPatch,
  'application/merge-patch+json': readMergePatch,
  'application/strategic-merge-patch+json': readStrategicPatch,
}

export const applyMediaType = 'application/apply-patch+yaml'
const strategicMediaType = 'application/strategic-merge-patch+json'

/** Media types of patches that a resource takes, as a 415 lists them. */
export function acceptedPatchTypes(resource: Resource): string[] {
  const all = [...Object.keys(patchTypes), applyMediaType]
  return resource.kind.custom ? all.filter((type) => type !== strategicMediaType) : all
}

/** The 415 for a patch of a type that nobody knows, or that this resource does not take. */
export function unsupportedPatchType(type: string, accepted: readonly string[]): Error {
  const known = type in patchTypes || type === applyMediaType
  return known ? errors.unsupportedMediaType(accepted) : errors.genericResponse(415, { serverMessage: '415: Unsupported Media Type' })
}

function readJsonPatch(bytes: Buffer, resource: Resource): ReadPatch {
  const { value, duplicates } = decode(bytes, 'error decoding patch: ')
  return {
    patch: (current) => applyJsonPatch(current, value),
    strict: [...unknownOperationFields(value), ...duplicates].map((problem) => `json patch ${problem}`),
    shown: (patched) => shownObject(resource, patched, touchedByOperations(value)),
  }
}

function shownObject(resource: Resource, patched: unknown, touched: unknown): string {
  const metadata = resource.kind.schema.fields.get('metadata')?.schema
  // The store keeps resourceVersion in front; the wire's order is the schema's.
  const ordered =
    isObject(patched) && metadata && !resource.kind.custom ? { ...patched, metadata: normalise(metadata, patched['metadata']) } : patched
  return JSON.stringify(sortedWhereTouched(ordered, resource.kind.custom ? ordered : touched))
}

/** Objects that a patch went into come out with sorted keys, the others as they were. `touched` has the patch's shape. */
function sortedWhereTouched(value: unknown, touched: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(touched)) return value.map((item, i) => sortedWhereTouched(item, touched[i] as unknown))
  if (!isObject(value) || !isObject(touched)) return value
  const sorted: Record<string, unknown> = {}
  for (const key of Object.keys(value).sort()) setKey(sorted, key, sortedWhereTouched(value[key], getKey(touched, key)))
  return sorted
}

/** The objects that JSON patch operations go through, nested as they are. */
function touchedByOperations(operations: unknown): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const operation of Array.isArray(operations) ? (operations as unknown[]) : []) {
    const path = isObject(operation) && typeof operation['path'] === 'string' ? operation['path'] : ''
    let at = root
    for (const step of path.split('/').slice(1, -1)) {
      const next = getKey(at, step)
      if (isObject(next)) at = next
      else {
        const made = {}
        setKey(at, step, made)
        at = made
      }
    }
  }
  return root
}

const operationFields = new Set(['op', 'path', 'from', 'value'])

function unknownOperationFields(operations: unknown): string[] {
  if (!Array.isArray(operations)) return []
  return operations.flatMap((operation: unknown, index) =>
    typeof operation !== 'object' || operation === null
      ? []
      : Object.keys(operation)
          .filter((field) => !operationFields.has(field))
          .map((field) => `unknown field ${JSON.stringify(`[${index}].${field}`)}`),
  )
}

function readMergePatch(bytes: Buffer, resource: Resource): ReadPatch {
  const { value, duplicates } = decode(bytes, 'error decoding patch: ')
  return {
    patch: (current) => applyMergePatch(current, value),
    strict: duplicates,
    shown: (patched) => shownObject(resource, patched, value),
  }
}

function readStrategicPatch(bytes: Buffer, resource: Resource): ReadPatch {
  const { value, duplicates } = decode(bytes, '')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.badRequest(
      `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`,
    )
  }
  return {
    patch: (current) =>
      applyStrategicMergePatch(resource.kind.schema, current as unknown as Record<string, unknown>, value as Record<string, unknown>),
    strict: duplicates,
    shown: () => `map[${bytes.toString()}]`,
    ofKnownKind: true,
  }
}

function decode(bytes: Buffer, prefix: string): { value: unknown; duplicates: readonly string[] } {
  try {
    return decodeJson(bytes)
  } catch (error) {
    if (error instanceof DecodeError) throw errors.badRequest(prefix + error.message)
    throw error
  }
}

/** The configuration of a server-side apply. Throws StatusError 400. */
export function readApplyConfiguration(bytes: Buffer): { value: unknown; duplicates: readonly string[] } {
  try {
    return decodeYaml(bytes)
  } catch (error) {
    if (error instanceof DecodeError) throw errors.badRequest(`error decoding YAML: ${error.message}`)
    throw error
  }
}
