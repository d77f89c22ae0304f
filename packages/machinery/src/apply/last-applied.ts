import { annotationsMaxBytes } from '../names/metadata.js'
import type { KubernetesObject } from '../object.js'
import { deepCopy } from '../objects/deep-copy.js'
import { isObject } from '../schema/json-object.js'
import type { StructSchema } from '../schema/schema.js'
import { compactJson } from '../text/compact-json.js'
import { configProblems } from './check-config.js'
import { compareObjects } from './compare.js'
import { difference, type FieldSet } from './field-set.js'
import { toFieldSet } from './to-field-set.js'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * What the client-side apply of before set and the live object still has as it was set. kubectl may take these from
 * others without force, so that users can move from client-side to server-side apply. Undefined when there is no such record.
 */
export function lastAppliedFields(schema: StructSchema, live: KubernetesObject, apiVersion: string): FieldSet | undefined {
  const config = parseLastApplied(live.metadata?.annotations?.[annotation])
  if (config === undefined || config['apiVersion'] !== apiVersion || configProblems(schema, config).length > 0) return undefined
  const { added, modified, removed } = compareObjects(schema, config, live)
  return difference(difference(difference(toFieldSet(schema, config), modified), added), removed)
}

/** Keeps the annotation in step when kubectl applies to an object that has one. Changes `object`. */
export function updateLastApplied(object: KubernetesObject, config: KubernetesObject): void {
  const annotations = object.metadata.annotations
  if (!annotations?.[annotation]) return
  const copy = deepCopy(config)
  if (copy.metadata?.annotations) delete copy.metadata.annotations[annotation]
  const next = { ...annotations, [annotation]: `${compactJson(withSortedKeys(copy))}\n` }
  if (size(next) > annotationsMaxBytes) delete (next as Record<string, string>)[annotation]
  object.metadata = { ...object.metadata, annotations: next }
}

function parseLastApplied(text: string | undefined): Record<string, unknown> | undefined {
  if (!text) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // Users can write anything into an annotation; what cannot be read grants nothing.
    return undefined
  }
}

function size(annotations: Readonly<Record<string, string>>): number {
  let bytes = 0
  for (const [key, value] of Object.entries(annotations)) bytes += Buffer.byteLength(key) + Buffer.byteLength(value)
  return bytes
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, withSortedKeys(value[key])]),
  )
}
