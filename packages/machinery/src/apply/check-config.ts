import { isObject } from '../schema/json-object.js'
import type { Schema } from '../schema/schema.js'
import { goValue } from '../text/go-value.js'
import { quote } from '../text/quote.js'
import { elementText, fieldElement, type PathElement, pathText } from './path-element.js'
import { declaredSchemaOf, itemElement } from './shape.js'

/**
 * What keeps an applied configuration from being read by its schema: undeclared fields, values of another type, items
 * without key, items that share a key. The texts are upstream's; empty when all is well.
 */
export function configProblems(schema: Schema, config: object): string[] {
  const walk: Walk = { path: [], problems: [], sharedKeys: false }
  visit(walk, schema, config, false)
  return walk.problems
}

/** The same for an object that is stored or to be stored, whose items may share keys. */
export function objectProblems(schema: Schema, object: object): string[] {
  const walk: Walk = { path: [], problems: [], sharedKeys: true }
  visit(walk, schema, object, false)
  return walk.problems
}

/** The problems as one message. */
export function problemsText(problems: readonly string[]): string {
  return problems.length === 1 ? (problems[0] as string) : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n')
}

interface Walk {
  readonly path: PathElement[]
  readonly problems: string[]
  /** Items with the same key are no problem. */
  readonly sharedKeys: boolean
}

// Below a node that preserves unknown fields, all nodes do.
function visit(walk: Walk, schema: Schema, value: unknown, open: boolean): void {
  if (value === null || value === undefined) return
  switch (schema.type) {
    case 'any':
      return
    case 'struct':
    case 'map':
      if (isObject(value)) visitMap(walk, schema, value, open || (schema.type === 'struct' && schema.preserveUnknownFields === true))
      else report(walk, `expected map, got &{${goValue(value)}}`)
      return
    case 'list':
      if (Array.isArray(value)) visitList(walk, schema, value, open)
      else report(walk, `expected list, got &{${goValue(value)}}`)
      return
    default: {
      const expected = expectation(schema.type, value)
      if (expected !== undefined) report(walk, expected)
    }
  }
}

function visitMap(walk: Walk, schema: Schema, value: Record<string, unknown>, open: boolean): void {
  for (const key of Object.keys(value)) {
    const child = declaredSchemaOf(schema, key)
    walk.path.push(fieldElement(key))
    if (child) visit(walk, child, value[key], open)
    else if (!open) {
      report(walk, 'field not declared in schema')
      walk.path.pop()
      return
    }
    walk.path.pop()
  }
}

function visitList(walk: Walk, schema: Schema & { type: 'list' }, items: readonly unknown[], open: boolean): void {
  const seen = new Set<PathElement>()
  for (let i = 0; i < items.length; i++) {
    let element: PathElement = `i:${i}`
    if (schema.listType !== 'atomic') {
      try {
        element = itemElement(schema, items[i])
      } catch (error) {
        report(walk, `element ${i}: ${(error as Error).message}`)
        return
      }
      if (seen.has(element) && !walk.sharedKeys) report(walk, `duplicate entries for key ${elementText(element)}`)
      seen.add(element)
    }
    walk.path.push(element)
    visit(walk, schema.items, items[i], open)
    walk.path.pop()
  }
}

function report(walk: Walk, problem: string): void {
  walk.problems.push(walk.path.length === 0 ? problem : `${pathText(walk.path)}: ${problem}`)
}

function expectation(type: Schema['type'], value: unknown): string | undefined {
  switch (type) {
    case 'string':
    case 'bytes':
    case 'duration':
      return typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goValue(value)}}`
    case 'int32':
    case 'int64':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${typeName(value)}`
    default:
      return typeof value === 'object' ? `expected any scalar, got &{${goValue(value)}}` : undefined
  }
}

/** A JSON value as Go's `%#v` prints it. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (!isObject(value)) return String(value)
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${quote(key)}:${goSyntax(value[key])}`)
  return `map[string]interface {}{${pairs.join(', ')}}`
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'object') return 'map[string]interface {}'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
