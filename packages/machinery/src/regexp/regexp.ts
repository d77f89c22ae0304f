import type { Assertion } from './nodes.js'
import { parseRegexp } from './parse.js'
import { compileProgram, type Instruction } from './program.js'

/** Where a match lies, in UTF-16 units. */
export interface RegexpMatch {
  readonly start: number
  readonly end: number
}

/**
 * A regular expression in RE2 syntax, as upstream takes them from users. Matching takes time linear in the text, whatever
 * the expression: all ways through it are followed at once (Thompson, Pike), none is tried again.
 */
export class Regexp {
  readonly #program: readonly Instruction[]
  #threads: Threads | undefined

  /** Throws RegexpError in upstream's words. */
  constructor(readonly pattern: string) {
    this.#program = compileProgram(parseRegexp(pattern), pattern)
  }

  /** Whether the expression matches anywhere in the text. */
  test(text: string): boolean {
    return this.#run(text, 0, true) !== undefined
  }

  /** The leftmost match at or behind `from`, of those the one that the expression prefers. */
  find(text: string, from = 0): RegexpMatch | undefined {
    return this.#run(text, from, false)
  }

  #run(text: string, from: number, anyMatch: boolean): RegexpMatch | undefined {
    this.#threads ??= { current: new ThreadList(this.#program.length), next: new ThreadList(this.#program.length) }
    let { current, next } = this.#threads
    current.clear()
    let match: RegexpMatch | undefined
    for (let at = from; ; ) {
      if (!match) this.#follow(current, this.#program.length - 1, at, text, at)
      if (current.size === 0 && match) return match
      const point = text.codePointAt(at)
      const width = point === undefined ? 0 : point > 0xffff ? 2 : 1
      next.clear()
      for (let i = 0; i < current.size; i++) {
        const instruction = this.#program[current.address(i)] as Instruction
        const start = current.start(i)
        if (instruction.op === 'match') {
          match = { start, end: at }
          if (anyMatch) return match
          // What follows in the list is less preferred.
          break
        }
        if (instruction.op === 'character' && point !== undefined && instruction.accepts(point)) {
          this.#follow(next, instruction.next, start, text, at + width)
        }
      }
      if (point === undefined) return match
      ;[current, next] = [next, current]
      at += width
    }
  }

  /** Adds a thread with all it reaches without reading, most preferred first. */
  #follow(list: ThreadList, address: number, start: number, text: string, at: number): void {
    const pending = [address]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (list.visited(next)) continue
      const instruction = this.#program[next] as Instruction
      if (instruction.op === 'split') pending.push(instruction.other, instruction.next)
      else if (instruction.op !== 'assert') list.add(next, start)
      else if (holdsAt(instruction.assertion, text, at)) pending.push(instruction.next)
    }
  }
}

interface Threads {
  readonly current: ThreadList
  readonly next: ThreadList
}

/** Threads in order of preference, each program address at most once. */
class ThreadList {
  size = 0
  #generation = 0
  readonly #seen: Uint32Array
  readonly #addresses: Uint32Array
  readonly #starts: Uint32Array

  constructor(length: number) {
    this.#seen = new Uint32Array(length)
    this.#addresses = new Uint32Array(length)
    this.#starts = new Uint32Array(length)
  }

  clear(): void {
    this.size = 0
    this.#generation++
    if (this.#generation === 0xffffffff) {
      this.#generation = 1
      this.#seen.fill(0)
    }
  }

  /** Whether the address was asked about since the last `clear`. */
  visited(address: number): boolean {
    if (this.#seen[address] === this.#generation) return true
    this.#seen[address] = this.#generation
    return false
  }

  add(address: number, start: number): void {
    this.#addresses[this.size] = address
    this.#starts[this.size] = start
    this.size++
  }

  address(index: number): number {
    return this.#addresses[index] ?? 0
  }

  start(index: number): number {
    return this.#starts[index] ?? 0
  }
}

function holdsAt(assertion: Assertion, text: string, at: number): boolean {
  switch (assertion) {
    case 'begin-text':
      return at === 0
    case 'end-text':
      return at === text.length
    case 'begin-line':
      return at === 0 || text[at - 1] === '\n'
    case 'end-line':
      return at === text.length || text[at] === '\n'
    case 'word-boundary':
      return isWord(text[at - 1]) !== isWord(text[at])
    case 'no-word-boundary':
      return isWord(text[at - 1]) === isWord(text[at])
  }
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character)
}
