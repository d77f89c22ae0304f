import { errors } from '../status/errors.js'
import { formatFieldError } from '../status/field-error.js'
import { type LabelOperator, type LabelRequirement, labelKeyErrors, labelRequirement } from './label-requirement.js'
import { LabelSelector } from './label-selector.js'
import { type SelectorToken, tokenize } from './label-selector-tokens.js'

/** Reads `k=v`, `k!=v`, `k in (a,b)`, `k notin (a)`, `k`, `!k`, `k>1`, joined by commas. Throws BadRequest in upstream's words. */
export function parseLabelSelector(text: string): LabelSelector {
  try {
    return LabelSelector.of(parse(new TokenReader(tokenize(text))))
  } catch (error) {
    throw errors.badRequest((error as Error).message)
  }
}

class TokenReader {
  private position = 0
  constructor(private readonly tokens: readonly SelectorToken[]) {}

  /** The token ahead; `in` and `notin` are plain words outside the operator position. */
  peek(): SelectorToken {
    return asValue(this.tokens[this.position] ?? end)
  }

  take(): SelectorToken {
    return asValue(this.takeOperator())
  }

  takeOperator(): SelectorToken {
    return this.tokens[this.position++] ?? end
  }
}

const end: SelectorToken = { kind: 'end', text: '' }

function asValue(token: SelectorToken): SelectorToken {
  return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token
}

function parse(tokens: TokenReader): LabelRequirement[] {
  const requirements: LabelRequirement[] = []
  for (;;) {
    const ahead = tokens.peek()
    if (ahead.kind === 'end') return requirements
    if (!startsRequirement(ahead)) throw new Error(`found '${ahead.text}', expected: !, identifier, or 'end of string'`)
    requirements.push(parseRequirement(tokens))
    const separator = tokens.take()
    if (separator.kind === 'end') return requirements
    if (separator.kind !== ',') throw new Error(`found '${separator.text}', expected: ',' or 'end of string'`)
    if (!startsRequirement(tokens.peek())) throw new Error(`found '${tokens.peek().text}', expected: identifier after ','`)
  }
}

function startsRequirement(token: SelectorToken): boolean {
  return token.kind === 'identifier' || token.kind === '!'
}

function parseRequirement(tokens: TokenReader): LabelRequirement {
  try {
    const first = tokens.take()
    const negated = first.kind === '!'
    const key = negated ? tokens.take() : first
    if (key.kind !== 'identifier') throw new Error(`found '${key.text}', expected: identifier`)
    const [problem] = labelKeyErrors(key.text, undefined)
    if (problem) throw new Error(formatFieldError(problem))
    const next = tokens.peek().kind
    if (negated) return labelRequirement(key.text, '!', [])
    if (next === 'end' || next === ',') return labelRequirement(key.text, 'exists', [])
    const operator = parseOperator(tokens)
    const values = operator === 'in' || operator === 'notin' ? parseValues(tokens) : [parseExactValue(tokens)]
    return labelRequirement(key.text, operator, [...new Set(values)].sort())
  } catch (error) {
    throw new Error(`unable to parse requirement: ${(error as Error).message}`)
  }
}

function parseOperator(tokens: TokenReader): LabelOperator {
  const token = tokens.takeOperator()
  switch (token.kind) {
    case 'in':
    case 'notin':
    case '=':
    case '==':
    case '!=':
      return token.kind
    case '>':
      return 'gt'
    case '<':
      return 'lt'
    default:
      throw new Error(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`)
  }
}

/** `(a,b)`; empty places between commas are the empty value. */
function parseValues(tokens: TokenReader): string[] {
  const open = tokens.take()
  if (open.kind !== '(') throw new Error(`found '${open.text}' expected: '('`)
  const ahead = tokens.peek()
  if (ahead.kind === ')') {
    tokens.take()
    return ['']
  }
  if (ahead.kind !== 'identifier' && ahead.kind !== ',') throw new Error(`found '${ahead.text}', expected: ',', ')' or identifier`)
  const values = parseIdentifiers(tokens)
  if (tokens.take().kind !== ')') throw new Error(`found '${ahead.text}', expected: ')'`)
  return values
}

function parseIdentifiers(tokens: TokenReader): string[] {
  const values: string[] = []
  for (;;) {
    const token = tokens.take()
    const ahead = tokens.peek()
    if (token.kind === 'identifier') {
      values.push(token.text)
      if (ahead.kind === ')') return values
      if (ahead.kind !== ',') throw new Error(`found '${ahead.text}', expected: ',' or ')'`)
    } else if (token.kind === ',') {
      if (values.length === 0 || ahead.kind === ',' || ahead.kind === ')') values.push('')
      if (ahead.kind === ')') return values
    } else {
      throw new Error(`found '${token.text}', expected: ',', or identifier`)
    }
  }
}

function parseExactValue(tokens: TokenReader): string {
  const ahead = tokens.peek()
  if (ahead.kind === 'end' || ahead.kind === ',') return ''
  const token = tokens.take()
  if (token.kind !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`)
  return token.text
}
