/** A token of a label selector. `in` and `notin` are words that may also be values. */
export interface SelectorToken {
  readonly kind: SymbolToken | 'in' | 'notin' | 'identifier' | 'end' | 'error'
  readonly text: string
}

type SymbolToken = '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<'

/** Splits a selector into tokens, ending with `end`. A NUL ends it, as upstream's scanner has it. */
export function tokenize(text: string): SelectorToken[] {
  const tokens: SelectorToken[] = []
  let position = 0
  for (;;) {
    while (isWhitespace(text[position])) position++
    const character = text[position]
    if (character === undefined || character === '\0') break
    const token = isSymbol(character) ? symbolAt(text, position) : wordAt(text, position)
    position += token.length
    tokens.push(token.token)
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

const symbols: ReadonlySet<string> = new Set(['(', ')', ',', '!', '=', '==', '!=', '>', '<'])

function isSymbol(character: string): boolean {
  return '=!(),><'.includes(character)
}

function isWhitespace(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n'
}

/** The longest symbol; every single symbol character is one, so there always is one. */
function symbolAt(text: string, start: number): { token: SelectorToken; length: number } {
  const pair = text.slice(start, start + 2)
  const symbol = symbols.has(pair) ? pair : text.slice(start, start + 1)
  return { token: { kind: symbol as SymbolToken, text: symbol }, length: symbol.length }
}

function wordAt(text: string, start: number): { token: SelectorToken; length: number } {
  let end = start
  for (; end < text.length; end++) {
    const character = text.charAt(end)
    if (character === '\0' || isSymbol(character) || isWhitespace(character)) break
  }
  const word = text.slice(start, end)
  const skipped = text[end] === '\0' ? 1 : 0
  return { token: { kind: word === 'in' || word === 'notin' ? word : 'identifier', text: word }, length: word.length + skipped }
}
