import { jsonSyntaxProblem } from './json-syntax.js'
import { countKeys, duplicateFields, unrepresentableNumber } from './json-tokens.js'

/** What was read, and what a strict reader would refuse. */
export interface Decoded {
  readonly value: unknown
  /** Keys that were given twice, each in upstream's words: `duplicate field "spec.replicas"`. The last one counts. */
  readonly duplicates: string[]
}

export interface DecodeOptions {
  /** Levels of objects and lists, 1000 by default. */
  readonly maxDepth?: number
  /** UTF-8 bytes, 3 MiB by default. */
  readonly maxBytes?: number
}

/** The text cannot be read. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
}

/** Reads one JSON value, as Go's encoding/json would. Throws DecodeError in its words. */
export function decodeJson(input: string | Uint8Array, options: DecodeOptions = {}): Decoded {
  const { maxDepth = defaultMaxDepth } = options
  const text = decodeText(input, options)
  const value = parse(text)
  const walk: Walk = { keys: 0, finite: true }
  measure(value, maxDepth, walk)
  if (!walk.finite) {
    throw new DecodeError(`json: cannot unmarshal number ${unrepresentableNumber(text)} into Go value of type float64`)
  }
  return { value, duplicates: countKeys(text) === walk.keys ? [] : duplicateFields(text) }
}

/** The text of a body within its limit; malformed UTF-8 becomes U+FFFD. */
export function decodeText(input: string | Uint8Array, { maxBytes = defaultMaxBytes }: DecodeOptions): string {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength
  if (size > maxBytes) throw new DecodeError(`the text is too large: ${size} bytes, limit is ${maxBytes}`)
  return typeof input === 'string' ? input : Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('utf8')
}

export const defaultMaxDepth = 1000
const defaultMaxBytes = 3 * 1024 * 1024

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DecodeError(jsonSyntaxProblem(Buffer.from(text)) ?? (error as Error).message)
  }
}

interface Walk {
  keys: number
  finite: boolean
}

function measure(value: unknown, depthLeft: number, walk: Walk): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) walk.finite = false
    return
  }
  if (typeof value !== 'object' || value === null) return
  const list = Array.isArray(value)
  if (depthLeft === 0) throw new DecodeError(`invalid character '${list ? '[' : '{'}' exceeded max depth`)
  if (list) {
    for (const item of value) measure(item, depthLeft - 1, walk)
    return
  }
  const object = value as Record<string, unknown>
  for (const key in object) {
    walk.keys++
    measure(object[key], depthLeft - 1, walk)
  }
}
