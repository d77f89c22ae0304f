import { JsonPathError } from './nodes.js'

/** The text of a literal in single or double quotes, with Go's escapes. Throws JsonPathError. */
export function unquote(literal: string): string {
  const mark = literal.charAt(0)
  const inner = literal.slice(1, -1)
  if (literal.length < 2 || literal.at(-1) !== mark) throw invalid(literal)
  return inner.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))|["'\n]|\\$/gs,
    (found, hex, short, long, octal, named) => {
      const digits: string | undefined = hex ?? short ?? long
      const code = digits !== undefined ? Number.parseInt(digits, 16) : octal !== undefined ? Number.parseInt(octal, 8) : undefined
      if (code !== undefined) {
        const valid = digits === hex || (code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000))
        if (!valid || (octal !== undefined && code > 255)) throw invalid(literal)
        return String.fromCodePoint(code)
      }
      if (named === undefined) {
        if (found === mark || found === '\n' || found === '\\') throw invalid(literal)
        return found
      }
      if (named === '"' || named === "'") {
        if (named !== mark) throw invalid(literal)
        return named
      }
      const character = escapes[named]
      if (character === undefined) throw invalid(literal)
      return character
    },
  )
}

const escapes: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }

function invalid(literal: string): JsonPathError {
  return new JsonPathError(`unquote string ${literal} error invalid syntax`)
}
