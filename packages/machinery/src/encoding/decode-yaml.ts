import { Composer, type CST, type Document, Lexer, LineCounter, type Node, Parser } from 'yaml'
import { type Decoded, DecodeError, type DecodeOptions, decodeJson, decodeText, defaultMaxDepth } from './decode-json.js'
import { yamlProblem } from './yaml-problems.js'
import { bindAliases, DocumentReader } from './yaml-reader.js'

/**
 * Reads the first document of a YAML text as a JSON value, as upstream does (YAML 1.1, keys become text). Throws
 * DecodeError. `duplicates` has one message of upstream's form if any key is given twice.
 */
export function decodeYaml(input: string | Uint8Array, options: DecodeOptions = {}): Decoded {
  const text = decodeText(input, options)
  return asPlainJson(text, options) ?? decodeDocument(text, options)
}

/** JSON is YAML, and much faster to read; whatever is special about it is left to the YAML reader. */
function asPlainJson(text: string, options: DecodeOptions): Decoded | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    const decoded = decodeJson(text, options)
    return decoded.duplicates.length === 0 ? decoded : undefined
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function decodeDocument(text: string, { maxDepth = defaultMaxDepth }: DecodeOptions): Decoded {
  const lines = new LineCounter()
  try {
    const document = firstDocument(text, lines)
    if (document && document.errors.length > 0) throw new DecodeError(yamlProblem(document.errors, text, lines))
    if (!document?.contents) return { value: null, duplicates: [] }
    const reader = new DocumentReader(bindAliases(document), lines)
    const value = reader.value(document.contents as Node, maxDepth)
    const found = reader.duplicates
    return { value, duplicates: found.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${found.join('\n  ')}`] }
  } catch (error) {
    if (error instanceof RangeError) throw new DecodeError('yaml: exceeded max depth')
    throw error
  }
}

function firstDocument(text: string, lines: LineCounter): Document.Parsed | undefined {
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    resolveKnownTags: false,
    merge: false,
    uniqueKeys: false,
    logLevel: 'silent',
  })
  for (const document of composer.compose(guardedTokens(text, lines), true, text.length)) return document
  return undefined
}

/** The parser's tokens; gives up early on texts whose nesting it would take seconds to build and refuse. */
function* guardedTokens(text: string, lines: LineCounter): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  let flow = 0
  let marks = 0
  for (const lexeme of new Lexer().lex(text)) {
    const first = lexeme.charAt(0)
    if (first === '[' || first === '{') flow++
    else if (first === ']' || first === '}') flow--
    else if (first === '\n' || first === '\r') marks = 0
    else if (lexeme === '-' || lexeme === '?' || first === '&' || first === '!') marks++
    if (flow > defaultMaxDepth || marks > defaultMaxDepth) throw new DecodeError('yaml: exceeded max depth')
    yield* parser.next(lexeme)
  }
  yield* parser.end()
}
