import type { Kind } from '@treeline/api'
import type { FieldSelector, KubernetesObject, LabelSelector } from '@treeline/machinery'
import type { StoredObject } from './stored-object.js'

/** Which objects of a kind a list or a watch is about. */
export interface Selection<T extends KubernetesObject> {
  /** Equal for selections that choose alike. */
  readonly id: string
  /** Key prefix of what can match: empty, or `namespace/`. */
  readonly prefix: string
  /** The only key that can match, where it is known. */
  readonly key: string | undefined
  /** Nothing but the prefix restricts it. */
  readonly trivial: boolean
  /** The one equality by which watches of this selection are found. */
  readonly term: SelectionTerm | undefined
  matches(stored: StoredObject<T>): boolean
}

export interface SelectionTerm {
  readonly dimension: Dimension
  readonly value: string
}

/** By what watches are looked up: one of the first two, or a field. */
export type Dimension = 'metadata.namespace' | 'metadata.name' | (typeof indexedFields)[number]

/** Fields that many watches each select one value of: every node watches its own pods. */
const indexedFields = ['spec.nodeName'] as const

export interface SelectionRequest {
  readonly namespace?: string
  readonly labelSelector?: LabelSelector
  readonly fieldSelector?: FieldSelector
}

/** Prepares the choice of a request. The fields of its selector must be ones that the kind has. */
export function selectionOf<T extends KubernetesObject>(kind: Kind<T>, request: SelectionRequest): Selection<T> {
  const labels = request.labelSelector?.empty ? undefined : request.labelSelector
  const fields = request.fieldSelector?.empty ? undefined : request.fieldSelector
  const namespaced = kind.scope === 'Namespaced'
  const namespace = namespaced ? (request.namespace ?? fields?.requiredValue('metadata.namespace')) : undefined
  const prefix = namespace === undefined ? '' : `${namespace}/`
  const name = fields?.requiredValue('metadata.name')
  const clues = byteClues(labels, fields)

  const matches = (stored: StoredObject<T>): boolean => {
    if (!stored.key.startsWith(prefix)) return false
    if (name !== undefined && nameOf(stored.key) !== name) return false
    if (!labels && !fields) return true
    if (!stored.isDecoded && clues.some((clue) => !stored.bytes.includes(clue))) return false
    if (labels && !labels.matches(stored.object.metadata.labels ?? {})) return false
    return !fields || fields.matches((field) => fieldOf(kind, stored, field))
  }
  return {
    id: JSON.stringify([namespace, labels?.toString(), fields?.toString()]),
    prefix,
    key: name !== undefined && (namespace !== undefined || !namespaced) ? prefix + name : undefined,
    trivial: !labels && !fields,
    term: termOf(fields, name, namespace),
    matches,
  }
}

function termOf(fields: FieldSelector | undefined, name: string | undefined, namespace: string | undefined): SelectionTerm | undefined {
  for (const dimension of indexedFields) {
    const value = fields?.requiredValue(dimension)
    if (value !== undefined) return { dimension, value }
  }
  if (name !== undefined) return { dimension: 'metadata.name', value: name }
  return namespace === undefined ? undefined : { dimension: 'metadata.namespace', value: namespace }
}

/** The value by which watches of an object are looked up in a dimension. */
export function dimensionOf<T extends KubernetesObject>(kind: Kind<T>, stored: StoredObject<T>, dimension: Dimension): string {
  return fieldOf(kind, stored, dimension)
}

function fieldOf<T extends KubernetesObject>(kind: Kind<T>, stored: StoredObject<T>, field: string): string {
  if (field === 'metadata.name') return nameOf(stored.key)
  if (field === 'metadata.namespace') return namespaceOf(stored.key)
  return kind.selectableFields[field]?.(stored.object) ?? ''
}

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}

function namespaceOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('/')))
}

/**
 * Byte strings that every match holds somewhere, since objects are kept as JSON.stringify writes them: looking for them
 * is many times faster than decoding an object to find that it does not match.
 */
function byteClues(labels: LabelSelector | undefined, fields: FieldSelector | undefined): readonly Buffer[] {
  const clues: Buffer[] = []
  for (const { key } of labels?.requirements ?? []) {
    const value = labels?.requiredValue(key)
    if (value !== undefined) clues.push(Buffer.from(`${JSON.stringify(key)}:${JSON.stringify(value)}`))
  }
  for (const field of indexedFields) {
    const value = fields?.requiredValue(field)
    if (value) clues.push(Buffer.from(`${JSON.stringify(field.slice(field.lastIndexOf('.') + 1))}:${JSON.stringify(value)}`))
  }
  return clues
}
