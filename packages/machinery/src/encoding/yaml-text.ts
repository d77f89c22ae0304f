import { isNonFiniteScalar, resolveScalar } from './yaml-scalars.js'
import { isYamlTimestamp } from './yaml-timestamp.js'

/** A text in the style upstream would choose: plain, single-quoted, a literal block, or double-quoted. `indent` is that of a block. */
export function yamlText(text: string, indent: number, key: boolean): string {
  const shape = analyse(text)
  const readsAsText =
    resolveScalar(text) === text && !isNonFiniteScalar(text) && text !== '<<' && !base60.test(text) && !isYamlTimestamp(text)
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
