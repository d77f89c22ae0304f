/** What a plain YAML scalar means. */
export type YamlScalar = string | number | boolean | null

/**
 * Reads an unquoted scalar as the Go parser upstream uses does: YAML 1.1 words and octals, underscores in numbers; no
 * sexagesimals, and times stay text.
 */
export function resolveScalar(text: string): YamlScalar {
  if (Object.hasOwn(words, text)) return words[text] ?? null
  const first = text.charAt(0)
  if (first === '.') return /^\.\d+([eE][-+]?\d+)?$/.test(text) ? finite(text, text) : text
  if (!/[-+\d]/.test(first)) return text
  const digits = text.replaceAll('_', '')
  return integer(digits) ?? (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits) ? finite(digits, text) : text)
}

/** Numbers that JSON cannot hold. */
export function isNonFiniteScalar(text: string): boolean {
  return nonFinite.test(text)
}

const nonFinite = /^(\.nan|\.NaN|\.NAN|[-+]?\.(inf|Inf|INF))$/

const words: Readonly<Record<string, boolean | null>> = Object.fromEntries([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false]),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null]),
])

/** A 64-bit integer, signed or not. */
function integer(text: string): number | undefined {
  const match = /^([-+]?)(?:0[bB]([01]+)|0[xX]([\da-fA-F]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(text)
  if (!match || text.length > 80) return undefined
  const [, sign, binary, hexadecimal, octal, decimal] = match
  const literal = binary ? `0b${binary}` : hexadecimal ? `0x${hexadecimal}` : octal ? `0o${octal}` : (decimal ?? '')
  const magnitude = BigInt(literal)
  const value = sign === '-' ? -magnitude : magnitude
  const fits = BigInt.asIntN(64, value) === value || (sign === '' && BigInt.asUintN(64, value) === value)
  return fits ? Number(value) : undefined
}

function finite(number: string, text: string): number | string {
  const value = Number(number)
  return Number.isFinite(value) ? value : text
}
