import { compareYamlKeys } from './yaml-key-order.js'
import { yamlText } from './yaml-text.js'

/** A JSON value as YAML in the form upstream writes: sorted keys, two spaces, list dashes at the depth of their key. */
export function encodeYaml(value: unknown): string {
  return `${encodeNode(value, 0).slice(1)}\n`
}

/** A node that follows `key:` or `-`: with a space in front if it stays on the line, a line break if it does not. */
function encodeNode(value: unknown, indent: number): string {
  if (Array.isArray(value)) return value.length === 0 ? ' []' : encodeList(value, indent)
  if (typeof value === 'object' && value !== null) return encodeMap(value as Record<string, unknown>, indent)
  return ` ${encodeScalar(value, indent)}`
}

function encodeMap(object: Record<string, unknown>, indent: number): string {
  const keys = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort(compareYamlKeys)
  if (keys.length === 0) return ' {}'
  return keys.map((key) => `\n${' '.repeat(indent)}${encodeEntry(key, object[key], indent)}`).join('')
}

function encodeEntry(key: string, value: unknown, indent: number): string {
  if (!key.includes('\n') && Buffer.byteLength(key) <= 128) {
    return `${yamlText(key, indent, true)}:${encodeNode(value, Array.isArray(value) ? indent : indent + 2)}`
  }
  return `? ${yamlText(key, indent + 2, false)}\n${' '.repeat(indent)}:${onSameLine(encodeNode(value, indent + 2))}`
}

/** A nested block begins right behind the mark before it. */
function onSameLine(inner: string): string {
  return inner.startsWith('\n') ? ` ${inner.replace(/^\n */, '')}` : inner
}

function encodeList(list: readonly unknown[], indent: number): string {
  return list
    .map((item) => {
      const inner = encodeNode(item === undefined ? null : item, indent + 2)
      return `\n${' '.repeat(indent)}-${onSameLine(inner)}`
    })
    .join('')
}

function encodeScalar(value: unknown, indent: number): string {
  if (typeof value === 'string') return yamlText(value, indent, false)
  if (typeof value === 'number') return encodeNumber(value)
  return value === undefined || value === null ? 'null' : String(value)
}

/** 64-bit integers in full, else Go's shortest form, which has an exponent from 1e6 on and below 1e-4. */
function encodeNumber(value: number): string {
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64) return BigInt(value).toString()
  const magnitude = Math.abs(value)
  if (magnitude >= 1e-4 && magnitude < 1e6) return String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}
