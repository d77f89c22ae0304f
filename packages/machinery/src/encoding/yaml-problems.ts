import type { LineCounter, YAMLError } from 'yaml'

/** The syntax errors of a document in the words of the Go parser, as near as their kind allows. There must be one. */
export function yamlProblem(errors: readonly YAMLError[], text: string, lines: LineCounter): string {
  const error = errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY') ?? errors[0]
  if (!error) return 'yaml: unknown error'
  const [said, at] = explain(error, errors, text)
  const { line } = lines.linePos(at)
  const told = said.startsWith('did not find expected') ? line - 1 : line + (said.startsWith('could not find') && at < error.pos[1] ? 1 : 0)
  return line > 1 && told > 0 ? `yaml: line ${told}: ${said}` : `yaml: ${said}`
}

/** The Go parser's sentence, and the position it would name. */
function explain(error: YAMLError, errors: readonly YAMLError[], text: string): [said: string, at: number] {
  const [start, end] = error.pos
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  if (error.message.includes('call stack')) return ['exceeded max depth', start]
  if (errors.some(({ message }) => message.includes('block-seq-ind on same line'))) {
    return text.slice(lineStart, start).trim() === '' ? [expectedKey, start] : [noSequence, start]
  }
  if (error.code === 'MULTILINE_IMPLICIT_KEY') {
    const nested = errors.length > 1 || text.slice(lineStart, start).trim() !== ''
    return [nested ? noMapping : expectedColon, end]
  }
  const known = table.find(([code, pattern]) => code === error.code && pattern.test(error.message))
  return [known?.[2] ?? error.message, start]
}

const expectedKey = 'did not find expected key'
const expectedColon = "could not find expected ':'"
const noMapping = 'mapping values are not allowed in this context'
const noSequence = 'block sequence entries are not allowed in this context'
const noToken = 'found character that cannot start any token'

const table: readonly (readonly [code: string, message: RegExp, said: string])[] = [
  ['BLOCK_AS_IMPLICIT_KEY', /./, noMapping],
  ['MISSING_CHAR', /quote/, 'found unexpected end of stream'],
  ['MISSING_CHAR', /flow sequence|\]/i, "did not find expected ',' or ']'"],
  ['MISSING_CHAR', /flow map|\}/i, "did not find expected ',' or '}'"],
  ['MISSING_CHAR', /./, expectedColon],
  ['BAD_INDENT', /flow sequence/i, "did not find expected ',' or ']'"],
  ['BAD_INDENT', /flow map/i, "did not find expected ',' or '}'"],
  ['BAD_INDENT', /./, expectedKey],
  ['TAB_AS_INDENT', /./, noToken],
  ['BAD_SCALAR_START', /./, noToken],
  ['UNEXPECTED_TOKEN', /flow-(map|seq)-end/, 'did not find expected node content'],
  ['UNEXPECTED_TOKEN', /./, expectedKey],
  ['BAD_DQ_ESCAPE', /./, 'found unknown escape character'],
  ['BAD_ALIAS', /./, 'did not find expected alphabetic or numeric character'],
  ['MULTIPLE_ANCHORS', /./, expectedKey],
  ['MULTIPLE_TAGS', /./, expectedKey],
  ['TAG_RESOLVE_FAILED', /./, 'found undefined tag handle'],
]
