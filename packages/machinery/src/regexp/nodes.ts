/** A set of code points. */
export interface CharacterSet {
  /** Sorted or not: inclusive ranges. */
  readonly ranges: readonly (readonly [low: number, high: number])[]
  /** Unicode properties and complements of such. */
  readonly properties: readonly { readonly pattern: RegExp; readonly negated: boolean }[]
  readonly negated: boolean
  readonly foldCase: boolean
}

export type Assertion = 'begin-text' | 'end-text' | 'begin-line' | 'end-line' | 'word-boundary' | 'no-word-boundary'

/** A parsed regular expression. */
export type Node =
  | { readonly type: 'empty' }
  | { readonly type: 'set'; readonly set: CharacterSet }
  | { readonly type: 'any'; readonly newline: boolean }
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  | { readonly type: 'sequence'; readonly parts: readonly Node[] }
  | { readonly type: 'choice'; readonly parts: readonly Node[] }
  | { readonly type: 'repeat'; readonly body: Node; readonly minimum: number; readonly maximum: number; readonly greedy: boolean }
  | { readonly type: 'group'; readonly body: Node }

/** Whether a code point belongs to the set. */
export function inSet(set: CharacterSet, point: number): boolean {
  return contains(set, point) !== set.negated
}

function contains(set: CharacterSet, point: number): boolean {
  if (holds(set, point)) return true
  if (!set.foldCase) return false
  const text = String.fromCodePoint(point)
  return foldsOf(text).some((other) => holds(set, other))
}

function holds({ ranges, properties }: CharacterSet, point: number): boolean {
  for (const [low, high] of ranges) if (point >= low && point <= high) return true
  if (properties.length === 0) return false
  const text = String.fromCodePoint(point)
  return properties.some(({ pattern, negated }) => pattern.test(text) !== negated)
}

/** Other characters that differ from it in case only. */
function foldsOf(character: string): number[] {
  const others = [character.toLowerCase(), character.toUpperCase(), ...(irregular[character] ?? [])]
  return others.filter((other) => other !== character && [...other].length === 1).map((other) => other.codePointAt(0) ?? 0)
}

// Characters whose simple case folding has a third member.
const irregular: Readonly<Record<string, readonly string[]>> = {
  k: ['\u212a'],
  K: ['\u212a'],
  '\u212a': ['k', 'K'],
  s: ['\u017f'],
  S: ['\u017f'],
  '\u017f': ['s', 'S'],
  å: ['\u212b'],
  Å: ['\u212b'],
  '\u212b': ['å', 'Å'],
}
