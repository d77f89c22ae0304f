import { isObject } from '../schema/json-object.js'
import { compactJson } from '../text/compact-json.js'
import { quote } from '../text/quote.js'

/**
 * One step of a field path, in the form fieldsV1 writes it: `f:<field>`, `k:<JSON object of key fields>` for an item of a
 * list of maps, `v:<JSON scalar>` for an item of a set, `i:<index>`.
 */
export type PathElement = string

/** The step to a named field. */
export const fieldElement = (name: string): PathElement => `f:${name}`

/** The step to an item of a set. */
export const valueElement = (value: unknown): PathElement => `v:${scalarText(value)}`

/** The step to an item of a list of maps. `names` must be sorted. */
export function keyElement(names: readonly string[], values: readonly unknown[]): PathElement {
  if (names.length === 1) return `k:{${scalarText(names[0])}:${scalarText(values[0])}}`
  return `k:{${names.map((name, i) => `${scalarText(name)}:${scalarText(values[i])}`).join(',')}}`
}

// Names, numbers and ports need no escapes, and there are many of them.
function scalarText(value: unknown): string {
  return typeof value === 'string' && unescaped.test(value) ? `"${value}"` : compactJson(value)
}

const unescaped = /^[\w./:-]*$/

/** A step as messages print it: `.spec`, `[name="a"]`, `[="x"]`, `[0]`. */
export function elementText(element: PathElement): string {
  const body = element.slice(2)
  switch (element[0]) {
    case 'f':
      return `.${body}`
    case 'k':
      return `[${Object.entries(JSON.parse(body) as object)
        .map(([name, value]) => `${name}=${valueText(value)}`)
        .join(',')}]`
    case 'v':
      return `[=${valueText(JSON.parse(body))}]`
    default:
      return `[${body}]`
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`
  if (!isObject(value)) return compactJson(value)
  return Object.entries(value)
    .map(([name, inner]) => `${name}=${valueText(inner)}`)
    .join('')
}

/** A whole path as messages print it: `.spec.containers[name="a"].image`. */
export function pathText(path: readonly PathElement[]): string {
  return path.map(elementText).join('')
}

/** The one spelling of an element, whatever spaces and key order it came with. Throws an Error when it is none. */
export function canonicalElement(text: string): PathElement {
  if (text.length < 2) throw new Error('key must be 2 characters long:')
  if (text[1] !== ':') throw new Error(`missing colon: ${text}`)
  const body = text.slice(2)
  switch (text[0]) {
    case 'f':
      return text
    case 'k': {
      const key: unknown = JSON.parse(body)
      if (typeof key !== 'object' || key === null || Array.isArray(key)) throw new Error(`key is not an object: ${text}`)
      const fields = Object.entries(key).sort(([a], [b]) => ascending(a, b))
      return keyElement(
        fields.map(([name]) => name),
        fields.map(([, value]) => value),
      )
    }
    case 'v':
      return valueElement(JSON.parse(body))
    case 'i':
      if (!/^-?\d+$/.test(body)) throw new Error(`index is not a number: ${text}`)
      return text
    default:
      throw new Error('unknown path element type')
  }
}

/** The order of steps in fieldsV1: the node itself, fields, keys, values, indices. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0
  if (a.startsWith('f:') && b.startsWith('f:')) return ascending(a, b)
  const byRank = rank(a) - rank(b)
  if (byRank !== 0) return byRank
  switch (a[0]) {
    case 'k':
      return compareKeys(Object.entries(JSON.parse(a.slice(2)) as object), Object.entries(JSON.parse(b.slice(2)) as object))
    case 'v':
      return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)))
    case 'i':
      return Number(a.slice(2)) - Number(b.slice(2))
    default:
      return ascending(a, b)
  }
}

const ranks = '.fkvi'

function rank(element: PathElement): number {
  return ranks.indexOf(element[0] ?? '')
}

type KeyField = [name: string, value: unknown]

function compareKeys(a: readonly KeyField[], b: readonly KeyField[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [nameOfA, valueOfA] = a[i] as KeyField
    const [nameOfB, valueOfB] = b[i] as KeyField
    const order = ascending(nameOfA, nameOfB) || compareValues(valueOfA, valueOfB)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareValues(a: unknown, b: unknown): number {
  const kinds = valueKinds.indexOf(kindOf(a)) - valueKinds.indexOf(kindOf(b))
  if (kinds !== 0) return kinds
  if (typeof a === 'number' || typeof a === 'boolean') return Number(a) - Number(b)
  return typeof a === 'string' ? ascending(a, b as string) : ascending(compactJson(a), compactJson(b))
}

const valueKinds = ['number', 'string', 'boolean', 'list', 'object', 'null']

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
}

function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
