import type { Redirect, Word, WordPart } from './ast.js'
import { ShellSyntaxError } from './errors.js'

export type Token =
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'word'; readonly word: Word }
  | {
      readonly kind: 'redirect'
      readonly descriptor: Redirect['descriptor']
      readonly mode: Redirect['mode']
      /** Of here documents: the text itself. */
      readonly body?: Word
    }

const reserved = new Set(['!', '{', '}', 'case', 'do', 'done', 'elif', 'else', 'esac', 'fi', 'for', 'if', 'in', 'then', 'until', 'while'])
const operators = ['&&', '||', ';;', ';', '&', '|', '(', ')', '\n']
const longestScript = 1 << 20

/** The reserved word that a word is, written without quotes. */
export function isReserved(word: Word): string | undefined {
  const [part] = word
  return word.length === 1 && part?.kind === 'text' && !part.quoted && reserved.has(part.text) ? part.text : undefined
}

/** Cuts a script into tokens. Throws a ShellSyntaxError on quotes and substitutions without an end. */
export function tokenize(source: string): Token[] {
  if (source.length > longestScript) throw new ShellSyntaxError('script too long')
  const tokens: Token[] = []
  const hereDocuments: { index: number; delimiter: string; stripTabs: boolean; quoted: boolean }[] = []
  const reader = new WordReader(source)
  while (reader.at < source.length) {
    const character = source[reader.at] ?? ''
    if (character === ' ' || character === '\t' || character === '\r') reader.at++
    else if (source.startsWith('\\\n', reader.at)) reader.at += 2
    else if (character === '#') while (reader.at < source.length && source[reader.at] !== '\n') reader.at++
    else if (readRedirect(source, reader, tokens, hereDocuments)) continue
    else {
      const operator = operators.find((text) => source.startsWith(text, reader.at))
      if (operator === undefined) tokens.push({ kind: 'word', word: reader.word() })
      else {
        reader.at += operator.length
        tokens.push({ kind: 'operator', text: operator })
        if (operator === '\n') for (const wanted of hereDocuments.splice(0)) fillHereDocument(source, reader, tokens, wanted)
      }
    }
  }
  return tokens
}

const redirectShape = /([012]?)(>>|>&|<<-|<<|<&|>|<|&>)/y

function readRedirect(
  source: string,
  reader: WordReader,
  tokens: Token[],
  hereDocuments: { index: number; delimiter: string; stripTabs: boolean; quoted: boolean }[],
): boolean {
  redirectShape.lastIndex = reader.at
  const match = redirectShape.exec(source)
  if (match === null) return false
  const [text, digit = '', operator = ''] = match
  reader.at += text.length
  const output = operator.startsWith('>') || operator === '&>'
  const descriptor = (digit === '' ? (output ? 1 : 0) : Number(digit)) as Redirect['descriptor']
  if (operator === '<<' || operator === '<<-') {
    while (source[reader.at] === ' ') reader.at++
    const word = reader.word()
    const delimiter = word.map((part) => (part.kind === 'text' ? part.text : '')).join('')
    const quoted = word.some((part) => part.kind === 'text' && part.quoted)
    hereDocuments.push({ index: tokens.length, delimiter, stripTabs: operator === '<<-', quoted })
    tokens.push({ kind: 'redirect', descriptor: 0, mode: 'here', body: [] })
    return true
  }
  const modes: Readonly<Record<string, Redirect['mode']>> = {
    '>>': 'append',
    '>': 'write',
    '&>': 'write',
    '<': 'read',
    '>&': 'duplicate',
    '<&': 'duplicate',
  }
  tokens.push({ kind: 'redirect', descriptor, mode: modes[operator] ?? 'read' })
  return true
}

function fillHereDocument(
  source: string,
  reader: WordReader,
  tokens: Token[],
  { index, delimiter, stripTabs, quoted }: { index: number; delimiter: string; stripTabs: boolean; quoted: boolean },
): void {
  const lines: string[] = []
  while (reader.at < source.length) {
    const end = source.indexOf('\n', reader.at)
    const raw = source.slice(reader.at, end < 0 ? source.length : end)
    reader.at = end < 0 ? source.length : end + 1
    const line = stripTabs ? raw.replace(/^\t+/, '') : raw
    if (line === delimiter) break
    lines.push(`${line}\n`)
  }
  const text = lines.join('')
  const body: Word = quoted ? [{ kind: 'text', text, quoted: true }] : new WordReader(text).quotedText()
  tokens[index] = { kind: 'redirect', descriptor: 0, mode: 'here', body }
}

/** Reads words with their quotes and substitutions. */
class WordReader {
  at = 0

  constructor(private readonly source: string) {}

  /** A word, up to a blank or an operator. */
  word(): Word {
    const parts: WordPart[] = []
    while (this.at < this.source.length) {
      const character = this.source[this.at] ?? ''
      if (' \t\r\n;&|()<>'.includes(character)) break
      parts.push(...this.#part(character, false))
    }
    return parts
  }

  /** Everything, as if between double quotes. */
  quotedText(): Word {
    const parts: WordPart[] = []
    while (this.at < this.source.length) parts.push(...this.#quotedPart(''))
    return parts
  }

  #part(character: string, quoted: boolean): WordPart[] {
    if (character === "'") {
      const end = this.source.indexOf("'", this.at + 1)
      if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string')
      const text = this.source.slice(this.at + 1, end)
      this.at = end + 1
      return [{ kind: 'text', text, quoted: true }]
    }
    if (character === '"') return this.#doubleQuoted()
    if (character === '\\') {
      const text = this.source[this.at + 1] ?? ''
      this.at += 2
      return text === '\n' ? [] : [{ kind: 'text', text, quoted: true }]
    }
    if (character === '$' || character === '`') return [this.#substitution(quoted)]
    const [text = character] = /[^ \t\r\n;&|()<>'"\\$`]+/y.exec(this.source.slice(this.at)) ?? []
    this.at += text.length
    return [{ kind: 'text', text, quoted }]
  }

  #doubleQuoted(): WordPart[] {
    this.at++
    const parts: WordPart[] = [{ kind: 'text', text: '', quoted: true }]
    while (this.source[this.at] !== '"') {
      if (this.at >= this.source.length) throw new ShellSyntaxError('syntax error: unterminated quoted string')
      parts.push(...this.#quotedPart('"'))
    }
    this.at++
    return parts
  }

  #quotedPart(end: string): WordPart[] {
    const character = this.source[this.at] ?? ''
    if (character === '\\') {
      const next = this.source[this.at + 1] ?? ''
      const escapes = '$`"\\\n'.includes(next) && next !== ''
      this.at += 2
      if (next === '\n') return []
      return [{ kind: 'text', text: escapes ? next : `\\${next}`, quoted: true }]
    }
    if (character === '$' || character === '`') return [this.#substitution(true)]
    let text = ''
    while (this.at < this.source.length) {
      const next = this.source[this.at] ?? ''
      if (next === end || next === '\\' || next === '$' || next === '`') break
      text += next
      this.at++
    }
    return [{ kind: 'text', text, quoted: true }]
  }

  #substitution(quoted: boolean): WordPart {
    if (this.source[this.at] === '`') {
      const end = this.source.indexOf('`', this.at + 1)
      if (end < 0) throw new ShellSyntaxError('syntax error: EOF in backquote substitution')
      const source = this.source.slice(this.at + 1, end).replace(/\\([$`\\])/g, '$1')
      this.at = end + 1
      return { kind: 'command', source, quoted }
    }
    if (this.source.startsWith('$((', this.at)) {
      const end = this.#closing(this.at + 1)
      const inner = this.source.slice(this.at + 3, end - 1)
      this.at = end + 1
      return { kind: 'arithmetic', expression: new WordReader(inner).quotedText(), quoted }
    }
    if (this.source.startsWith('$(', this.at)) {
      const end = this.#closing(this.at + 1)
      const source = this.source.slice(this.at + 2, end)
      this.at = end + 1
      return { kind: 'command', source, quoted }
    }
    if (this.source.startsWith('${', this.at)) return this.#braced(quoted)
    const [name] = /\$([A-Za-z_]\w*|[0-9?$!#@*])/y.exec(this.source.slice(this.at))?.slice(1) ?? []
    if (name === undefined) {
      this.at++
      return { kind: 'text', text: '$', quoted }
    }
    this.at += name.length + 1
    return { kind: 'variable', name, quoted, length: false, operator: '', operand: [] }
  }

  #braced(quoted: boolean): WordPart {
    const end = this.#closing(this.at + 1)
    const inner = this.source.slice(this.at + 2, end)
    this.at = end + 1
    const [, hash = '', name = '', operator = '', rest = ''] = /^(#?)([A-Za-z_]\w*|[0-9?$!#@*])(:?[-+=?]|%%?|##?|)(.*)$/s.exec(inner) ?? []
    if (name === '') throw new ShellSyntaxError('syntax error: bad substitution')
    return { kind: 'variable', name, quoted, length: hash !== '', operator, operand: new WordReader(rest).quotedText() }
  }

  /** Where the bracket at `open` closes, past quotes and brackets inside. */
  #closing(open: number): number {
    const pair = this.source[open] === '{' ? '}' : ')'
    let depth = 0
    for (let at = open; at < this.source.length; at++) {
      const character = this.source[at]
      if (character === '\\') at++
      else if (character === "'" && pair === ')') at = this.#skip(at, "'")
      else if (character === '"') at = this.#skipDouble(at)
      else if (character === this.source[open]) depth++
      else if (character === pair && --depth === 0) return at
    }
    throw new ShellSyntaxError(`syntax error: unexpected end of file (expecting "${pair}")`)
  }

  #skip(from: number, quote: string): number {
    const end = this.source.indexOf(quote, from + 1)
    return end < 0 ? this.source.length : end
  }

  #skipDouble(from: number): number {
    let at = from + 1
    while (at < this.source.length && this.source[at] !== '"') at += this.source[at] === '\\' ? 2 : 1
    return at
  }
}
