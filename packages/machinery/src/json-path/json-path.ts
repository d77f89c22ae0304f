import { compactJson } from '../text/compact-json.js'
import { evaluateNodes } from './evaluate.js'
import type { PathNode } from './nodes.js'
import { parseAction } from './parser.js'

/** A parsed path, such as a printer column or a selectable field of a CustomResourceDefinition has. */
export interface JsonPath {
  readonly text: string
  /** All values it finds; a missing key finds nothing. Throws JsonPathError when an index or filter does not fit. */
  evaluate(value: unknown): unknown[]
}

/**
 * Parses kubectl's JSONPath without its braces: `.spec.replicas`, `.metadata.annotations['example\.com/a']`,
 * `.status.conditions[?(@.type=="Ready")].status`, `[0]`, `[-1:]`, `[0,2]`, `.*`, `..name`. Throws JsonPathError.
 */
export function parseJsonPath(text: string): JsonPath {
  const nodes: readonly PathNode[] = parseAction(text)
  return { text, evaluate: (value) => evaluateNodes([value], nodes) }
}

/** A found value as text: scalars plain, objects and lists as JSON with sorted keys, null as upstream's `<no value>`. */
export function formatJsonPathValue(value: unknown): string {
  if (value === null || value === undefined) return '<no value>'
  return typeof value === 'object' ? compactJson(sortKeys(value)) : String(value)
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, sortKeys(object[key])]),
  )
}
