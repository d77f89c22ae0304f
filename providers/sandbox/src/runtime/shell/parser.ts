import type { Assignment, Command, Pipeline, Redirect, Script, ScriptItem, Word } from './ast.js'
import { ShellSyntaxError } from './errors.js'
import { isReserved, type Token, tokenize } from './tokens.js'

const deepest = 50

/** Parses a script. Throws a ShellSyntaxError. */
export function parseScript(source: string): Script {
  const parser = new Parser(tokenize(source))
  const script = parser.script([], 0)
  parser.finish()
  return script
}

class Parser {
  #at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  finish(): void {
    const token = this.#peek()
    if (token !== undefined) throw unexpected(token)
  }

  /** Reads until one of the reserved words or operators that end it, which is left unread. */
  script(until: readonly string[], depth: number): Script {
    if (depth > deepest) throw new ShellSyntaxError('nested too deep')
    const items: ScriptItem[] = []
    let joint: ScriptItem['joint'] = ';'
    for (;;) {
      this.#skipNewlines()
      const token = this.#peek()
      if (token === undefined || (joint === ';' && this.#endsHere(token, until))) break
      const pipeline = this.#pipeline(depth)
      const separator = this.#peek()
      const operator = separator?.kind === 'operator' ? separator.text : ''
      items.push({ pipeline, joint, background: operator === '&' })
      if (operator === '&&' || operator === '||') joint = operator
      else joint = ';'
      if (['&&', '||', ';', '&', '\n'].includes(operator)) this.#at++
      else break
    }
    if (joint !== ';') throw new ShellSyntaxError('syntax error: unexpected end of file')
    return { items }
  }

  #pipeline(depth: number): Pipeline {
    const negated = this.#take('!')
    const commands = [this.#command(depth + 1)]
    while (this.#operator('|')) {
      this.#skipNewlines()
      commands.push(this.#command(depth + 1))
    }
    return { negated, commands }
  }

  #command(depth: number): Command {
    const token = this.#peek()
    if (token === undefined) throw new ShellSyntaxError('syntax error: unexpected end of file')
    if (token.kind === 'operator') {
      if (token.text !== '(') throw unexpected(token)
      this.#at++
      const body = this.script([')'], depth)
      this.#expectOperator(')')
      return { kind: 'group', body, subshell: true, redirects: this.#redirects() }
    }
    switch (token.kind === 'word' ? isReserved(token.word) : undefined) {
      case '{':
        return this.#block('{', '}', depth, (body) => ({ kind: 'group', body, subshell: false, redirects: [] }))
      case 'while':
      case 'until':
        return this.#loop(depth)
      case 'for':
        return this.#for(depth)
      case 'if':
        return this.#if(depth)
      case 'case':
        return this.#case(depth)
      default:
        return this.#simple(depth)
    }
  }

  #block(open: string, close: string, depth: number, make: (body: Script) => Command): Command {
    this.#expect(open)
    const body = this.script([close], depth)
    this.#expect(close)
    return { ...make(body), redirects: this.#redirects() }
  }

  #loop(depth: number): Command {
    const until = this.#take('until')
    if (!until) this.#expect('while')
    const condition = this.script(['do'], depth)
    return this.#block('do', 'done', depth, (body) => ({ kind: 'loop', until, condition, body, redirects: [] }))
  }

  #for(depth: number): Command {
    this.#expect('for')
    const variable = plainText(this.#word())
    this.#skipNewlines()
    let words: Word[] | undefined
    if (this.#take('in')) {
      words = []
      for (let token = this.#peek(); token?.kind === 'word'; token = this.#peek()) words.push(this.#word())
    }
    if (!this.#operator(';')) this.#skipNewlines()
    this.#skipNewlines()
    return this.#block('do', 'done', depth, (body) => ({ kind: 'for', variable, words, body, redirects: [] }))
  }

  #if(depth: number): Command {
    const branches: { condition: Script; body: Script }[] = []
    let otherwise: Script | undefined
    this.#expect('if')
    do {
      const condition = this.script(['then'], depth)
      this.#expect('then')
      branches.push({ condition, body: this.script(['elif', 'else', 'fi'], depth) })
    } while (this.#take('elif'))
    if (this.#take('else')) otherwise = this.script(['fi'], depth)
    this.#expect('fi')
    return { kind: 'if', branches, otherwise, redirects: this.#redirects() }
  }

  #case(depth: number): Command {
    const arms: { patterns: Word[]; body: Script }[] = []
    this.#expect('case')
    const subject = this.#word()
    this.#skipNewlines()
    this.#expect('in')
    this.#skipNewlines()
    while (!this.#take('esac')) {
      this.#operator('(')
      const patterns = [this.#word()]
      while (this.#operator('|')) patterns.push(this.#word())
      this.#expectOperator(')')
      const body = this.script([';;', 'esac'], depth)
      arms.push({ patterns, body })
      this.#operator(';;')
      this.#skipNewlines()
      if (this.#peek() === undefined) throw new ShellSyntaxError('syntax error: unexpected end of file (expecting "esac")')
    }
    return { kind: 'case', subject, arms, redirects: this.#redirects() }
  }

  #simple(depth: number): Command {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      if (token.kind === 'redirect') redirects.push(...this.#redirects())
      else if (token.kind !== 'word') break
      else {
        this.#at++
        const assignment = words.length === 0 ? asAssignment(token.word) : undefined
        if (assignment === undefined) words.push(token.word)
        else assignments.push(assignment)
        const next = this.#peek()
        if (words.length === 1 && assignments.length === 0 && next?.kind === 'operator' && next.text === '(')
          return this.#function(words, depth)
      }
    }
    if (assignments.length + words.length + redirects.length === 0) throw unexpected(this.#peek())
    return { kind: 'simple', assignments, words, redirects }
  }

  #function([name]: readonly Word[], depth: number): Command {
    this.#expectOperator('(')
    this.#expectOperator(')')
    this.#skipNewlines()
    return { kind: 'function', name: plainText(name ?? []), body: this.#command(depth + 1), redirects: [] }
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = []
    for (let token = this.#peek(); token?.kind === 'redirect'; token = this.#peek()) {
      this.#at++
      const target = token.body ?? this.#word()
      redirects.push({ descriptor: token.descriptor, mode: token.mode, target })
    }
    return redirects
  }

  #endsHere(token: Token, until: readonly string[]): boolean {
    if (token.kind === 'operator') return until.includes(token.text) || token.text === ';;'
    return token.kind === 'word' && until.includes(isReserved(token.word) ?? '')
  }

  #word(): Word {
    const token = this.#peek()
    if (token?.kind !== 'word') throw unexpected(token)
    this.#at++
    return token.word
  }

  #take(reserved: string): boolean {
    const token = this.#peek()
    if (token?.kind !== 'word' || isReserved(token.word) !== reserved) return false
    this.#at++
    return true
  }

  #expect(reserved: string): void {
    this.#skipNewlines()
    if (!this.#take(reserved)) throw unexpected(this.#peek(), reserved)
  }

  #operator(text: string): boolean {
    const token = this.#peek()
    if (token?.kind !== 'operator' || token.text !== text) return false
    this.#at++
    return true
  }

  #expectOperator(text: string): void {
    if (!this.#operator(text)) throw unexpected(this.#peek(), text)
  }

  #skipNewlines(): void {
    while (this.#operator('\n'));
  }

  #peek(): Token | undefined {
    return this.tokens[this.#at]
  }
}

const assignmentShape = /^([A-Za-z_]\w*)=/

function asAssignment(word: Word): Assignment | undefined {
  const [first, ...rest] = word
  if (first?.kind !== 'text' || first.quoted) return undefined
  const match = assignmentShape.exec(first.text)
  if (match === null) return undefined
  return { name: match[1] ?? '', value: [{ ...first, text: first.text.slice(match[0].length), quoted: true }, ...rest] }
}

function plainText(word: Word): string {
  return word.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

function unexpected(token: Token | undefined, wanted?: string): ShellSyntaxError {
  const what =
    token === undefined
      ? 'end of file'
      : `"${token.kind === 'operator' ? token.text.replace('\n', 'newline') : token.kind === 'word' ? plainText(token.word) : 'redirection'}"`
  return new ShellSyntaxError(`syntax error: unexpected ${what}${wanted === undefined ? '' : ` (expecting "${wanted}")`}`)
}
