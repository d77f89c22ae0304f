import { isNonFiniteScalar, resolveScalar } from './yaml-scalars.js'

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
    .sort(compareKeys)
  if (keys.length === 0) return ' {}'
  return keys.map((key) => `\n${' '.repeat(indent)}${encodeEntry(key, object[key], indent)}`).join('')
}

function encodeEntry(key: string, value: unknown, indent: number): string {
  if (!key.includes('\n') && Buffer.byteLength(key) <= 128) {
    return `${encodeText(key, indent, true)}:${encodeNode(value, Array.isArray(value) ? indent : indent + 2)}`
  }
  return `? ${encodeText(key, indent + 2, false)}\n${' '.repeat(indent)}:${onSameLine(encodeNode(value, indent + 2))}`
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
  if (typeof value === 'string') return encodeText(value, indent, false)
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

function encodeText(text: string, indent: number, key: boolean): string {
  const shape = analyse(text)
  const readsAsText = resolveScalar(text) === text && !isNonFiniteScalar(text) && text !== '<<' && !base60.test(text)
  if (text.includes('\n')) return !key && shape.block ? literal(text, indent) : doubleQuoted(text)
  if (!readsAsText) return doubleQuoted(text)
  if (shape.plain && !(key && text === '')) return text
  return shape.singleQuoted ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text)
}

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

interface TextShape {
  readonly plain: boolean
  readonly singleQuoted: boolean
  readonly block: boolean
}

/** Which styles can hold the text, by libyaml's rules; breaks other than newline are always escaped. */
function analyse(text: string): TextShape {
  const special = unprintable.test(text) || / \n/.test(text)
  const breakThenSpace = /\n /.test(text)
  return {
    plain: !special && !breakThenSpace && !indicators.test(text) && !/^[ \n]|[ \n]$/.test(text) && !text.includes('\n'),
    singleQuoted: !special && !breakThenSpace,
    block: !special && !text.endsWith(' '),
  }
}

/** What would be read as something else in a plain text. */
const indicators = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:](?:[ \t]|$)|-(?:[ \t]|$))|.:(?:[ \t]|$)|[ \t\n]#/s
const unprintable = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/

/** A block of lines; the marks say how it ends and, if it begins with space, how deep it stands. */
function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const lines = text.split('\n')
  const trailing = text.endsWith('\n')
  const chomp = !trailing ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
  if (trailing) lines.pop()
  const margin = ' '.repeat(Math.max(indent, 2))
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`
}

function doubleQuoted(text: string): string {
  return `"${text.replace(/["\\]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu, escapeCharacter)}"`
}

const named: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function escapeCharacter(character: string): string {
  const name = named[character]
  if (name !== undefined) return name
  const code = character.codePointAt(0) ?? 0
  const digits = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}

/** The Go library's order: letters after other characters, runs of digits by their value. */
function compareKeys(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = left[i] ?? ''
    const y = right[i] ?? ''
    if (x === y) continue
    const xLetter = /\p{L}/u.test(x)
    const yLetter = /\p{L}/u.test(y)
    if (xLetter !== yLetter) return yLetter ? -1 : 1
    if (!xLetter) return compareDigits(left, right, i) || codeOf(x) - codeOf(y)
    return codeOf(x) - codeOf(y)
  }
  return left.length - right.length
}

function compareDigits(left: readonly string[], right: readonly string[], start: number): number {
  const zero = left[start] === '0' || right[start] === '0'
  const prefix = zero && precededByDigits(left, start) ? '1' : ''
  const x = /^\d*/.exec(left.slice(start).join(''))?.[0] ?? ''
  const y = /^\d*/.exec(right.slice(start).join(''))?.[0] ?? ''
  const difference = BigInt(`${prefix}${x}` || '0') - BigInt(`${prefix}${y}` || '0')
  return difference === 0n ? x.length - y.length : difference < 0n ? -1 : 1
}

function precededByDigits(text: readonly string[], end: number): boolean {
  for (let i = end - 1; i >= 0 && /\d/.test(text[i] ?? ''); i--) if (text[i] !== '0') return true
  return false
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}
