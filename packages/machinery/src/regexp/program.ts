import { type Assertion, inSet, type Node } from './nodes.js'
import { RegexpError } from './parse.js'

/** One step of a program; `next` and `other` are addresses, `next` the preferred one. */
export type Instruction =
  | { readonly op: 'match' }
  | { readonly op: 'character'; readonly accepts: (point: number) => boolean; next: number }
  | { readonly op: 'split'; next: number; other: number }
  | { readonly op: 'assert'; readonly assertion: Assertion; next: number }

const maxInstructions = 100_000

/** Compiles a parsed expression; the program starts at its last instruction. */
export function compileProgram(node: Node, pattern: string): Instruction[] {
  const program: Instruction[] = [{ op: 'match' }]
  const emit = (instruction: Instruction): number => {
    if (program.length >= maxInstructions) throw new RegexpError('expression too large', pattern)
    return program.push(instruction) - 1
  }
  // Built from the end, so that every instruction knows what comes next.
  const build = (part: Node, next: number): number => {
    switch (part.type) {
      case 'empty':
        return next
      case 'group':
        return build(part.body, next)
      case 'set': {
        const { set } = part
        return emit({ op: 'character', accepts: cached((point) => inSet(set, point)), next })
      }
      case 'any':
        return emit({ op: 'character', accepts: part.newline ? anything : anythingInLine, next })
      case 'assertion':
        return emit({ op: 'assert', assertion: part.assertion, next })
      case 'sequence':
        return part.parts.reduceRight((after, inner) => build(inner, after), next)
      case 'choice':
        return part.parts
          .slice(0, -1)
          .reduceRight((other, inner) => emit({ op: 'split', next: build(inner, next), other }), build(part.parts.at(-1) as Node, next))
      case 'repeat':
        return repeat(part, next)
    }
  }
  const split = (greedy: boolean, body: number, after: number): Instruction =>
    greedy ? { op: 'split', next: body, other: after } : { op: 'split', next: after, other: body }
  const repeat = ({ body, minimum, maximum, greedy }: Node & { type: 'repeat' }, next: number): number => {
    let start = next
    if (maximum === Number.POSITIVE_INFINITY) {
      const loop = emit(split(greedy, 0, next))
      const inner = build(body, loop)
      program[loop] = split(greedy, inner, next)
      start = minimum > 0 ? inner : loop
    } else for (let i = minimum; i < maximum; i++) start = emit(split(greedy, build(body, start), next))
    const copies = maximum === Number.POSITIVE_INFINITY && minimum > 0 ? minimum - 1 : minimum
    for (let i = 0; i < copies; i++) start = build(body, start)
    return start
  }
  const start = build(node, 0)
  // The last instruction is the entry.
  emit({ op: 'split', next: start, other: start })
  return program
}

const anything = (): boolean => true
const anythingInLine = (point: number): boolean => point !== 0x0a

/** Remembers the answers for ASCII. */
function cached(accepts: (point: number) => boolean): (point: number) => boolean {
  const known = new Uint8Array(128)
  return (point) => {
    if (point >= 128) return accepts(point)
    if (known[point] === 0) known[point] = accepts(point) ? 2 : 1
    return known[point] === 2
  }
}
