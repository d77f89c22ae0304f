import { complement, perlClasses, posixClasses, setOf, unicodeProperty } from './character-classes.js'
import type { CharacterSet, Node } from './nodes.js'

/** What is wrong with a regular expression, in upstream's words. */
export class RegexpError extends Error {
  override readonly name = 'RegexpError'

  constructor(code: string, expression: string) {
    super(`error parsing regexp: ${code}: \`${expression}\``)
  }
}

/** Parses RE2 syntax. Throws RegexpError. */
export function parseRegexp(pattern: string): Node {
  const parser = new Parser(pattern)
  const node = parser.alternatives(0)
  if (!parser.atEnd) throw new RegexpError('unexpected )', pattern)
  checkRepeats(node, 1, pattern)
  return node
}

interface Flags {
  readonly foldCase: boolean
  readonly multiLine: boolean
  readonly dotNewline: boolean
  readonly swapGreed: boolean
}

const maxRepeat = 1000
const maxDepth = 1000
const letters = { i: 'foldCase', m: 'multiLine', s: 'dotNewline', U: 'swapGreed' } as const

class Parser {
  private at = 0
  private flags: Flags = { foldCase: false, multiLine: false, dotNewline: false, swapGreed: false }
  private readonly names = new Set<string>()

  constructor(private readonly pattern: string) {}

  get atEnd(): boolean {
    return this.at >= this.pattern.length
  }

  /** Up to a closing parenthesis or the end. */
  alternatives(depth: number): Node {
    if (depth > maxDepth) throw new RegexpError('expression nests too deeply', this.pattern)
    const parts: Node[] = [this.sequence(depth)]
    while (this.take('|')) parts.push(this.sequence(depth))
    return parts.length === 1 ? (parts[0] as Node) : { type: 'choice', parts }
  }

  private sequence(depth: number): Node {
    const parts: Node[] = []
    while (!this.atEnd && !this.sees('|') && !this.sees(')')) {
      const start = this.at
      const node = this.atom(depth)
      if (node) parts.push(this.repeated(node, start))
    }
    return parts.length === 1 ? (parts[0] as Node) : parts.length === 0 ? { type: 'empty' } : { type: 'sequence', parts }
  }

  // Undefined for what stands for nothing, such as a change of flags.
  private atom(depth: number): Node | undefined {
    const { flags } = this
    switch (this.pattern[this.at]) {
      case '(':
        return this.group(depth)
      case '[':
        return { type: 'set', set: this.bracket() }
      case '.':
        this.at++
        return { type: 'any', newline: flags.dotNewline }
      case '^':
        this.at++
        return { type: 'assertion', assertion: flags.multiLine ? 'begin-line' : 'begin-text' }
      case '$':
        this.at++
        return { type: 'assertion', assertion: flags.multiLine ? 'end-line' : 'end-text' }
      case '*':
      case '+':
      case '?':
        throw new RegexpError('missing argument to repetition operator', this.operatorText(this.at))
      case '{': {
        const start = this.at
        if (this.counts()) throw new RegexpError('missing argument to repetition operator', this.pattern.slice(start, this.at))
        return this.literal(this.next())
      }
      case '\\':
        return this.escape()
      default:
        return this.literal(this.next())
    }
  }

  private repeated(node: Node, start: number): Node {
    let result = node
    for (let previous = -1; ; ) {
      const operator = this.at
      const bounds = this.bounds()
      if (!bounds) return result
      const lazy = this.take('?')
      if (previous >= 0) throw new RegexpError('invalid nested repetition operator', this.pattern.slice(previous, this.at))
      if (bounds[0] > maxRepeat || (bounds[1] !== Number.POSITIVE_INFINITY && bounds[1] > maxRepeat) || bounds[0] > bounds[1]) {
        throw new RegexpError('invalid repeat count', this.pattern.slice(operator, this.at))
      }
      previous = operator
      result = { type: 'repeat', body: result, minimum: bounds[0], maximum: bounds[1], greedy: lazy === this.flags.swapGreed }
      if (start === operator) return result
    }
  }

  private bounds(): [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.take('?')) return [0, 1]
    return this.sees('{') ? this.counts() : undefined
  }

  // What looks like no count is a literal brace.
  private counts(): [number, number] | undefined {
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.pattern.slice(this.at, this.at + 32))
    if (!match) return undefined
    this.at += match[0].length
    const minimum = Number(match[1])
    if (match[2] === undefined) return [minimum, minimum]
    return [minimum, match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])]
  }

  private operatorText(start: number): string {
    const lazy = this.pattern[start + 1] === '?' ? 2 : 1
    return this.pattern.slice(start, start + lazy)
  }

  private group(depth: number): Node | undefined {
    const start = this.at
    this.at++
    const outer = this.flags
    if (this.take('?') && !this.groupHead(start)) return undefined
    const body = this.alternatives(depth + 1)
    if (!this.take(')')) throw new RegexpError('missing closing )', this.pattern)
    this.flags = outer
    return { type: 'group', body }
  }

  // Behind `(?`. False when the parenthesis only sets flags for what follows.
  private groupHead(start: number): boolean {
    const rest = this.pattern.slice(this.at)
    if (rest.startsWith('P<') || rest.startsWith('<')) {
      this.name(start, rest.startsWith('P') ? 2 : 1)
      return true
    }
    let negated = false
    let flags = this.flags
    let any = false
    for (;;) {
      if (this.atEnd) throw new RegexpError('missing closing )', this.pattern)
      const character = this.next()
      if (character in letters) {
        flags = { ...flags, [letters[character as keyof typeof letters]]: !negated }
        any = true
      } else if (character === '-' && !negated) {
        negated = true
        any = false
      } else if ((character === ':' || character === ')') && (!negated || any)) {
        this.flags = flags
        return character === ':'
      } else throw new RegexpError('invalid or unsupported Perl syntax', this.pattern.slice(start, this.at))
    }
  }

  private name(start: number, skip: number): void {
    const end = this.pattern.indexOf('>', this.at)
    if (end < 0) throw new RegexpError('invalid named capture', this.pattern.slice(start))
    const name = this.pattern.slice(this.at + skip, end)
    if (!/^\w+$/.test(name)) throw new RegexpError('invalid named capture', this.pattern.slice(start, end + 1))
    if (this.names.has(name)) throw new RegexpError('duplicate capture group name', name)
    this.names.add(name)
    this.at = end + 1
  }

  private literal(character: string): Node {
    const point = character.codePointAt(0) ?? 0
    return { type: 'set', set: setOf([[point, point]], this.flags.foldCase) }
  }

  private escape(): Node {
    const start = this.at
    const character = this.pattern[this.at + 1]
    switch (character) {
      case 'A':
      case 'z':
      case 'b':
      case 'B':
        this.at += 2
        return { type: 'assertion', assertion: assertions[character] }
      case 'Q':
        return this.quoted()
      default: {
        const set = this.classEscape()
        if (set) return { type: 'set', set }
        const point = this.pointEscape(start)
        return { type: 'set', set: setOf([[point, point]], this.flags.foldCase) }
      }
    }
  }

  private quoted(): Node {
    const end = this.pattern.indexOf('\\E', this.at)
    const text = end < 0 ? this.pattern.slice(this.at + 2) : this.pattern.slice(this.at + 2, end)
    this.at = end < 0 ? this.pattern.length : end + 2
    const parts = [...text].map((character) => this.literal(character))
    return parts.length === 1 ? (parts[0] as Node) : { type: 'sequence', parts }
  }

  // `\d`, `\W`, `\pL`, `\P{Greek}`.
  private classEscape(): CharacterSet | undefined {
    const letter = this.pattern[this.at + 1] ?? ''
    const ranges = perlClasses[letter.toLowerCase()]
    if (ranges) {
      this.at += 2
      return setOf(letter === letter.toLowerCase() ? ranges : complement(ranges))
    }
    if (letter !== 'p' && letter !== 'P') return undefined
    const start = this.at
    const match = /^\\[pP](?:\{(\^?)([^}]*)\}|(\p{L}))/u.exec(this.pattern.slice(start))
    const name = match?.[2] ?? match?.[3] ?? ''
    const pattern = unicodeProperty(name)
    if (!match || !pattern) throw new RegexpError('invalid character class range', match?.[0] ?? this.pattern.slice(start))
    this.at += match[0].length
    const negated = (letter === 'P') !== (match[1] === '^')
    return { ranges: [], properties: [{ pattern, negated }], negated: false, foldCase: this.flags.foldCase }
  }

  private pointEscape(start: number): number {
    this.at++
    if (this.atEnd) throw new RegexpError('trailing backslash at end of expression', '')
    const rest = this.pattern.slice(this.at)
    const octal = /^(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)
    const hex = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(rest)
    if (octal) {
      this.at += octal[0].length
      return Number.parseInt(octal[0], 8)
    }
    if (hex) {
      this.at += hex[0].length
      const point = Number.parseInt(hex[1] ?? hex[2] ?? '', 16)
      if (point > 0x10ffff) throw new RegexpError('invalid escape sequence', this.pattern.slice(start, this.at))
      return point
    }
    const character = this.next()
    const control = controls[character]
    if (control !== undefined) return control
    const point = character.codePointAt(0) ?? 0
    if (point < 0x80 && !/\w/.test(character)) return point
    throw new RegexpError('invalid escape sequence', this.pattern.slice(start, this.at))
  }

  private bracket(): CharacterSet {
    const start = this.at
    this.at++
    const negated = this.take('^')
    const ranges: [number, number][] = []
    const properties: { pattern: RegExp; negated: boolean }[] = []
    for (let first = true; first || !this.sees(']'); first = false) {
      if (this.atEnd) throw new RegexpError('missing closing ]', this.pattern.slice(start))
      this.bracketItem(start, first, ranges, properties)
    }
    this.at++
    return { ranges, properties, negated, foldCase: this.flags.foldCase }
  }

  private bracketItem(
    start: number,
    first: boolean,
    ranges: [number, number][],
    properties: { pattern: RegExp; negated: boolean }[],
  ): void {
    const from = this.at
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.pattern.slice(from, from + 16))
    if (posix) {
      const named = Object.hasOwn(posixClasses, posix[2] ?? '') ? posixClasses[posix[2] ?? ''] : undefined
      if (!named) throw new RegexpError('invalid character class range', posix[0])
      this.at += posix[0].length
      for (const [low, high] of posix[1] ? complement(named) : named) ranges.push([low, high])
      return
    }
    if (this.sees('\\')) {
      const set = this.classEscape()
      if (set) {
        for (const [low, high] of set.ranges) ranges.push([low, high])
        properties.push(...set.properties)
        return
      }
    }
    // A dash may stand for itself only at the edges of the class.
    if (this.sees('-') && !first && this.pattern[from + 1] !== ']') {
      const next = this.pattern[from + 1] ?? ''
      throw new RegexpError('invalid character class range', `-${next}`)
    }
    const low = this.bracketPoint(start)
    if (!this.sees('-') || this.pattern[this.at + 1] === ']' || this.at + 1 >= this.pattern.length) {
      ranges.push([low, low])
      return
    }
    this.at++
    const high = this.bracketPoint(start)
    if (high < low) throw new RegexpError('invalid character class range', this.pattern.slice(from, this.at))
    ranges.push([low, high])
  }

  private bracketPoint(start: number): number {
    if (this.atEnd) throw new RegexpError('missing closing ]', this.pattern.slice(start))
    if (this.sees('\\')) return this.pointEscape(this.at)
    return this.next().codePointAt(0) ?? 0
  }

  private sees(character: string): boolean {
    return this.pattern[this.at] === character
  }

  private take(character: string): boolean {
    if (!this.sees(character)) return false
    this.at++
    return true
  }

  private next(): string {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0)
    this.at += character.length
    return character
  }
}

const assertions = { A: 'begin-text', z: 'end-text', b: 'word-boundary', B: 'no-word-boundary' } as const
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }

// Counts multiply when repetitions nest; upstream allows a thousand in all.
function checkRepeats(node: Node, factor: number, pattern: string): void {
  switch (node.type) {
    case 'repeat': {
      const bound = node.maximum === Number.POSITIVE_INFINITY ? node.minimum : node.maximum
      const product = factor * Math.max(bound, 1)
      if (product > maxRepeat) throw new RegexpError('invalid repeat count', pattern)
      checkRepeats(node.body, product, pattern)
      return
    }
    case 'group':
      checkRepeats(node.body, factor, pattern)
      return
    case 'sequence':
    case 'choice':
      for (const part of node.parts) checkRepeats(part, factor, pattern)
  }
}
