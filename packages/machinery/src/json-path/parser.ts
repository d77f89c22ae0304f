import { isPrintable } from '../text/quote.js'
import { JsonPathError, type PathNode, type SliceBound } from './nodes.js'
import { unquote } from './unquote.js'

/** Parses what stands between the braces of kubectl's template. Throws JsonPathError in upstream's words. */
export function parseAction(text: string): PathNode[] {
  if (text.length > maxLength) throw new JsonPathError(`the path is longer than ${maxLength} characters`)
  return new ActionParser(text).parse()
}

const maxLength = 4096

class ActionParser {
  private position = 0
  private readonly nodes: PathNode[] = []

  constructor(private readonly text: string) {}

  parse(): PathNode[] {
    while (this.position < this.text.length) this.next()
    return this.nodes
  }

  private next(): void {
    const character = this.text.charAt(this.position)
    if (this.text.startsWith('[?(', this.position)) this.filter()
    else if (this.text.startsWith('..', this.position)) this.recursive()
    else if (character === '\r' || character === '\n') throw new JsonPathError('unclosed action')
    else if (character === ' ' || character === '@' || character === '$') this.position++
    else if (character === '[') this.array()
    else if (character === '"' || character === "'") this.quoted(character)
    else if (character === '.') this.field(1)
    else if (/[+\-\p{Nd}]/u.test(character)) this.number()
    else if (isAlphaNumeric(character)) this.identifier()
    else throw new JsonPathError(`unrecognized character in action: ${describe(this.text.codePointAt(this.position) ?? 0)}`)
  }

  private recursive(): void {
    if (this.nodes[this.nodes.length - 1]?.kind === 'recursive') throw new JsonPathError('invalid multiple recursive descent')
    this.nodes.push({ kind: 'recursive' })
    this.position += 2
    if (isAlphaNumeric(this.text.charAt(this.position))) this.field(0)
  }

  /** A name up to the next terminator that no backslash precedes. */
  private field(skip: number): void {
    const start = this.position + skip
    let end = start
    while (end < this.text.length && !isTerminator(this.text.charAt(end))) end += this.text[end] === '\\' ? 2 : 1
    const name = this.text.slice(start, end)
    this.position = Math.min(end, this.text.length)
    this.nodes.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') })
  }

  private identifier(): void {
    const start = this.position
    while (this.position < this.text.length && !isTerminator(this.text.charAt(this.position))) this.position++
    const name = this.text.slice(start, this.position)
    if (name === 'true' || name === 'false') this.nodes.push({ kind: 'literal', value: name === 'true', type: 'bool' })
    else this.nodes.push({ kind: 'identifier', name })
  }

  private number(): void {
    const [text = ''] = /^[+-]?[\d.]*/.exec(this.text.slice(this.position)) ?? []
    this.position += text.length
    if (/^[+-]?\d{1,18}$/.test(text)) this.nodes.push({ kind: 'literal', value: Number(text), type: 'int' })
    else if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) this.nodes.push({ kind: 'literal', value: Number(text), type: 'float' })
    else throw new JsonPathError(`cannot parse number ${text}`)
  }

  private quoted(mark: string): void {
    const start = this.position
    let end = start + 1
    for (; ; end++) {
      const character = this.text[end]
      if (character === undefined || character === '\n') throw new JsonPathError('unterminated quoted string')
      if (character === mark && this.text[end - 1] !== '\\') break
    }
    const literal = this.text.slice(start, end + 1)
    this.position = end + 1
    this.nodes.push({ kind: 'literal', value: unquote(literal), type: 'string' })
  }

  private array(): void {
    const start = this.position + 1
    const end = this.text.slice(start).search(/[\]\n]/) + start
    if (this.text[end] !== ']' || end < start) throw new JsonPathError('unterminated array')
    const text = this.text.slice(start, end)
    this.position = end + 1
    const parts = text.split(',')
    if (parts.length > 1) this.nodes.push({ kind: 'union', parts: parts.map((part) => parseAction(`[${part.replace(/^ +| +$/g, '')}]`)) })
    else if (/^'[^']*'$/.test(text)) this.nodes.push(...parseAction(`.${text.slice(1, -1)}`))
    else this.nodes.push(parseSlice(text === '*' ? ':' : text))
  }

  private filter(): void {
    const start = this.position + 3
    const end = this.filterEnd(start)
    if (this.text[end + 1] !== ']') throw new JsonPathError('unclosed array expect ]')
    const text = this.text.slice(start, end)
    this.position = end + 2
    const match = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text)
    const [, left = text, operator = 'exists', right = ''] = match ?? []
    this.nodes.push({ kind: 'filter', left: parseAction(left), operator, right: parseAction(right) })
  }

  /** Position of the closing parenthesis; one quoted string before it may hold others. */
  private filterEnd(start: number): number {
    let mark: string | undefined
    let closed = false
    for (let i = start; i < this.text.length; i++) {
      const character = this.text.charAt(i)
      if (character === '\n') break
      if (character === '"' || character === "'") {
        if (mark === undefined) mark = character
        else if (character === mark && this.text[i - 1] !== '\\') closed = true
      } else if (character === ')' && (mark !== undefined) === closed) return i
    }
    throw new JsonPathError('unterminated filter')
  }
}

function parseSlice(text: string): PathNode {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text)
  if (!match) throw new JsonPathError(`invalid array index ${text}`)
  const start = parseBound(match[1] ?? '')
  const value = start.known ? start.value : 0
  return {
    kind: 'slice',
    start,
    end: match[2] === undefined ? { known: true, value: value + 1, derived: true } : parseBound(match[2].slice(1)),
    step: parseBound(match[3]?.slice(1) ?? ''),
  }
}

function parseBound(text: string): SliceBound {
  if (text === '') return { known: false }
  if (!/^-?\d{1,15}$/.test(text)) throw new JsonPathError(`array index ${text} is not a number`)
  return { known: true, value: Number(text) }
}

function isTerminator(character: string): boolean {
  return ' \t\r\n.,[]$@{}'.includes(character)
}

function isAlphaNumeric(character: string): boolean {
  return /^[_\p{L}\p{Nd}]/u.test(character)
}

/** Go's `%#U`. */
function describe(code: number): string {
  const character = String.fromCodePoint(code)
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return isPrintable(character) ? `${number} '${character}'` : number
}
