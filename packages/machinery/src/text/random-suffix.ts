import { randomInt } from 'node:crypto'

/** Letters and digits without vowels, so that no words come out by accident. */
export const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** `length` random characters of the suffix alphabet, as generated names end in. `below(n)` gives an integer in [0, n). */
export function randomSuffix(length: number, below: (n: number) => number = randomInt): string {
  let suffix = ''
  for (let i = 0; i < length; i++) suffix += suffixAlphabet[below(suffixAlphabet.length)]
  return suffix
}

/** Maps each character of a decimal hash into the suffix alphabet (ReplicaSet and ControllerRevision names). */
export function safeEncode(text: string): string {
  let encoded = ''
  for (const character of text) encoded += suffixAlphabet[(character.codePointAt(0) ?? 0) % suffixAlphabet.length]
  return encoded
}
