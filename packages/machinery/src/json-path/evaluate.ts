import { getKey } from '../objects/deep-copy.js'
import { goValue } from '../text/go-value.js'
import { type ComparisonType, JsonPathError, type PathNode } from './nodes.js'

/** Walks the steps from the values given. */
export function evaluateNodes(values: readonly unknown[], nodes: readonly PathNode[]): unknown[] {
  let current: unknown[] = [...values]
  for (const node of nodes) {
    current = evaluateNode(current, node)
    if (current.length > maxResults) throw new JsonPathError(`the path finds more than ${maxResults} values`)
  }
  return current
}

const maxResults = 100_000

function evaluateNode(values: readonly unknown[], node: PathNode): unknown[] {
  switch (node.kind) {
    case 'field':
      return values.flatMap((value) => {
        const found = isObject(value) ? getKey(value, node.name) : undefined
        return found === undefined ? [] : [found]
      })
    case 'wildcard':
      return values.flatMap(children)
    case 'recursive':
      return descend(values)
    case 'slice':
      return evaluateSlices(values, node)
    case 'union':
      return node.parts.flatMap((part) => evaluateNodes(values, part))
    case 'filter':
      return values.flatMap((value) => {
        if (!Array.isArray(value)) throw new JsonPathError(`${goValue(value)} is not array or slice and cannot be filtered`)
        return value.filter((item) => passes(item, node))
      })
    case 'literal':
      return node.type === 'string' ? [node.value] : values.map(() => node.value)
    case 'identifier':
      throw new JsonPathError(`unrecognized identifier ${node.name}`)
  }
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return [...Buffer.from(value)]
  return isObject(value) ? Object.values(value) : []
}

/** Every non-empty container and text, parents first. */
function descend(values: readonly unknown[]): unknown[] {
  const found: unknown[] = []
  const pending = [...values].reverse()
  while (pending.length > 0) {
    const value = pending.pop()
    const inner = typeof value === 'string' ? value : children(value)
    if (inner.length === 0) continue
    found.push(value)
    if (found.length > maxResults) throw new JsonPathError(`the path finds more than ${maxResults} values`)
    if (typeof inner !== 'string') for (let i = inner.length - 1; i >= 0; i--) pending.push(inner[i])
  }
  return found
}

function evaluateSlices(values: readonly unknown[], node: Extract<PathNode, { kind: 'slice' }>): unknown[] {
  const found: unknown[] = []
  for (const value of values) {
    if (value === null || value === undefined) continue
    if (!Array.isArray(value)) throw new JsonPathError(`${typeName(value)} is not array or slice`)
    const [start, end] = sliceBounds(value.length, node)
    if (start === end) return found
    const step = node.step.known ? node.step.value : 1
    if (step <= 0) throw new JsonPathError('step must be > 0')
    for (let i = start; i < end; i += step) found.push(value[i])
  }
  return found
}

function sliceBounds(length: number, { start, end }: Extract<PathNode, { kind: 'slice' }>): [start: number, end: number] {
  const from = start.known ? (start.value < 0 ? start.value + length : start.value) : 0
  const last = end.known ? end.value : length
  const to = last < 0 || (end.known && end.derived && last === 0) ? last + length : last
  if (from === to) return [from, to]
  const outside = from >= length || from < 0 ? from : to > length || to < 0 ? to - 1 : undefined
  if (outside !== undefined) throw new JsonPathError(`array index out of bounds: index ${outside}, length ${length}`)
  if (from > to) throw new JsonPathError(`starting index ${from} is greater than ending index ${to}`)
  return [from, to]
}

function passes(item: unknown, { left, operator, right }: Extract<PathNode, { kind: 'filter' }>): boolean {
  if (operator === 'exists') return finds(item, left)
  const lefts = evaluateNodes([item], left)
  if (lefts.length === 0) return false
  if (lefts.length > 1) throw new JsonPathError('can only compare one element at a time')
  const rights = evaluateNodes([item], right)
  if (rights.length === 0) return false
  if (rights.length > 1) throw new JsonPathError('can only compare one element at a time')
  return compare(lefts[0], literalType(left), operator, rights[0], literalType(right))
}

/** An existence test that cannot be evaluated finds nothing. */
function finds(item: unknown, path: readonly PathNode[]): boolean {
  try {
    return evaluateNodes([item], path).length > 0
  } catch (problem) {
    if (problem instanceof JsonPathError) return false
    throw problem
  }
}

function literalType(nodes: readonly PathNode[]): ComparisonType | undefined {
  const last = nodes[nodes.length - 1]
  return last?.kind === 'literal' ? last.type : undefined
}

function compare(
  left: unknown,
  leftLiteral: ComparisonType | undefined,
  operator: string,
  right: unknown,
  rightLiteral: ComparisonType | undefined,
) {
  const leftType = leftLiteral ?? comparisonType(left)
  const rightType = rightLiteral ?? comparisonType(right)
  if (!(operator in comparisons)) throw new JsonPathError(`unrecognized filter operator ${operator}`)
  if (leftType === undefined || rightType === undefined) throw new JsonPathError('invalid type for comparison')
  if (leftType !== rightType) throw new JsonPathError('incompatible types for comparison')
  if (leftType === 'bool' && operator !== '==' && operator !== '!=') throw new JsonPathError('invalid type for comparison')
  const test = comparisons[operator]
  return test?.(left as string, right as string) ?? false
}

const comparisons: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

function comparisonType(value: unknown): ComparisonType | undefined {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  return typeof value === 'object' ? 'map[string]interface {}' : goTypes[comparisonType(value) ?? 'string']
}

const goTypes: Readonly<Record<ComparisonType, string>> = { string: 'string', int: 'int64', float: 'float64', bool: 'bool' }
