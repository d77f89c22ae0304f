import { DecodeError } from './decode-json.js'
import { isNonFiniteScalar, resolveScalar, type YamlScalar } from './yaml-scalars.js'

/** An unquoted scalar. Throws DecodeError for infinities and NaN, which JSON cannot hold. */
export function plainScalar(text: string): YamlScalar {
  if (isNonFiniteScalar(text)) throw new DecodeError(`json: unsupported value: ${goFloat(text)}`)
  return resolveScalar(text)
}

function goFloat(text: string): string {
  if (/nan/i.test(text)) return 'NaN'
  return text.startsWith('-') ? '-Inf' : '+Inf'
}

/** A scalar under an explicit tag (`!!int`); unknown tags leave the text. Throws DecodeError if it does not fit. */
export function taggedScalar(tag: string, text: string): YamlScalar {
  if (tag === '!!binary') {
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw new DecodeError('yaml: !!binary value contains invalid base64 data')
    return Buffer.from(text, 'base64').toString('utf8')
  }
  const expected = scalarTags[tag]
  if (expected === undefined) return text
  const value = plainScalar(text)
  const actual = tagOf(value)
  if (actual === expected || (expected === '!!float' && actual === '!!int')) return value
  if (expected === '!!timestamp') return text
  throw new DecodeError(`yaml: cannot decode ${actual} \`${text}\` as a ${expected}`)
}

/** Tags that are resolved; all others leave the text as it is. */
const scalarTags: Readonly<Record<string, string>> = {
  '!!bool': '!!bool',
  '!!int': '!!int',
  '!!float': '!!float',
  '!!null': '!!null',
  '!!timestamp': '!!timestamp',
}

function tagOf(value: YamlScalar): string {
  if (value === null) return '!!null'
  if (typeof value === 'boolean') return '!!bool'
  if (typeof value === 'number') return Number.isInteger(value) ? '!!int' : '!!float'
  return '!!str'
}
