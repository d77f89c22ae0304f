import { quote } from '../text/quote.js'

/** What Go's encoding/json would say about a text that is not JSON; undefined if it is. */
export function jsonSyntaxProblem(bytes: Uint8Array): string | undefined {
  const scanner = new Scanner(bytes)
  try {
    scanner.document()
    return undefined
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return problem.message
    throw problem
  }
}

class SyntaxProblem extends Error {}

/** What may stand at the current position. */
type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'end of value'

/** Walks over the bytes without recursion. At the end it sees one more space, as Go's scanner does. */
class Scanner {
  private at = 0
  private readonly open: ('{' | '[')[] = []

  constructor(private readonly bytes: Uint8Array) {}

  document(): void {
    let expected: Expectation = 'value'
    for (;;) {
      this.skipSpace()
      if (this.at >= this.bytes.length) {
        if (expected === 'end of value' && this.open.length === 0) return
        throw new SyntaxProblem('unexpected end of JSON input')
      }
      expected = this.step(expected)
    }
  }

  private step(expected: Expectation): Expectation {
    const character = this.character()
    switch (expected) {
      case 'value or ]':
        return character === ']' ? this.close() : this.value(character)
      case 'value':
        return this.value(character)
      case 'key or }':
        return character === '}' ? this.close() : this.key(character)
      case 'key':
        return this.key(character)
      case 'colon':
        this.expect(':', 'after object key')
        return 'value'
      case 'end of value':
        return this.afterValue(character)
    }
  }

  private afterValue(character: string): Expectation {
    const inside = this.open[this.open.length - 1]
    if (inside === undefined) throw this.problem('after top-level value')
    if (character === ',') {
      this.at++
      return inside === '{' ? 'key' : 'value'
    }
    if (character === (inside === '{' ? '}' : ']')) return this.close()
    throw this.problem(inside === '{' ? 'after object key:value pair' : 'after array element')
  }

  private close(): Expectation {
    this.at++
    this.open.pop()
    return 'end of value'
  }

  private key(character: string): Expectation {
    if (character !== '"') throw this.problem('looking for beginning of object key string')
    this.string()
    return 'colon'
  }

  private value(character: string): Expectation {
    if (character === '{' || character === '[') {
      this.at++
      this.open.push(character)
      return character === '{' ? 'key or }' : 'value or ]'
    }
    const word = words[character]
    if (character === '"') this.string()
    else if (character === '-' || isDigit(character)) this.number()
    else if (word !== undefined) this.word(word)
    else throw this.problem('looking for beginning of value')
    return 'end of value'
  }

  private word(word: string): void {
    for (const letter of word) this.expect(letter, `in literal ${word} (expecting '${letter}')`)
  }

  private number(): void {
    if (this.character() === '-') this.at++
    if (!isDigit(this.character())) throw this.problem('in numeric literal')
    if (this.character() === '0') this.at++
    else this.digits()
    if (this.character() === '.') {
      this.at++
      if (!isDigit(this.character())) throw this.problem('after decimal point in numeric literal')
      this.digits()
    }
    if (this.character() !== 'e' && this.character() !== 'E') return
    this.at++
    if (this.character() === '+' || this.character() === '-') this.at++
    if (!isDigit(this.character())) throw this.problem('in exponent of numeric literal')
    this.digits()
  }

  private digits(): void {
    while (isDigit(this.character())) this.at++
  }

  private string(): void {
    for (this.at++; this.at < this.bytes.length; this.at++) {
      const character = this.character()
      if (character === '"') {
        this.at++
        return
      }
      if (character < ' ') throw this.problem('in string literal')
      if (character === '\\') this.escape()
    }
    throw new SyntaxProblem('unexpected end of JSON input')
  }

  /** Leaves the position at the last character of the escape. */
  private escape(): void {
    this.at++
    if (!'bfnrt\\/"u'.includes(this.character())) throw this.problem('in string escape code')
    if (this.character() !== 'u') return
    for (let digit = 0; digit < 4; digit++) {
      this.at++
      if (!/[0-9a-fA-F]/.test(this.character())) throw this.problem('in \\u hexadecimal character escape')
    }
  }

  private expect(character: string, context: string): void {
    if (this.character() !== character) throw this.problem(context)
    this.at++
  }

  private skipSpace(): void {
    while (this.at < this.bytes.length && ' \t\r\n'.includes(this.character())) this.at++
  }

  private character(): string {
    return String.fromCharCode(this.bytes[this.at] ?? 0x20)
  }

  private problem(context: string): SyntaxProblem {
    return new SyntaxProblem(`invalid character ${quoteCharacter(this.character())} ${context}`)
  }
}

const words: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' }

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9'
}

function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''"
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`
}
