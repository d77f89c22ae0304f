import type { ContainerFiles } from '../files/container-files.js'
import { normalPath } from '../files/file-tree.js'
import { evaluate } from './arithmetic.js'
import type { Word, WordPart } from './ast.js'
import { ShellExpansionError } from './errors.js'

/** What expansion needs of the shell. */
export interface Expander {
  get(name: string): string | undefined
  set(name: string, value: string): void
  /** Runs a command substitution and resolves with its output. */
  substitute(source: string): Promise<string>
  readonly parameters: readonly string[]
  readonly name: string
  readonly files: ContainerFiles
  readonly cwd: string
}

interface Piece {
  readonly text: string
  readonly quoted: boolean
}

/** Words with variables, substitutions, splitting and globs done. */
export async function expandWords(words: readonly Word[], expander: Expander): Promise<string[]> {
  const result: string[] = []
  for (const word of words) {
    const [part] = word
    if (word.length === 1 && part?.kind === 'variable' && part.name === '@' && part.quoted) {
      result.push(...expander.parameters)
      continue
    }
    for (const field of split(await pieces(word, expander))) result.push(...(await globbed(field, expander)))
  }
  return result
}

/** One word, neither split nor globbed. */
export async function expandOne(word: Word, expander: Expander): Promise<string> {
  return (await pieces(word, expander)).map(({ text }) => text).join('')
}

async function pieces(word: Word, expander: Expander): Promise<Piece[]> {
  const result: Piece[] = []
  for (const [index, part] of word.entries()) {
    const text = await partText(part, expander)
    const tilde = index === 0 && part.kind === 'text' && !part.quoted && /^~(?=\/|$)/.test(text)
    result.push({ text: tilde ? text.replace('~', expander.get('HOME') ?? '/root') : text, quoted: part.quoted })
  }
  return result
}

async function partText(part: WordPart, expander: Expander): Promise<string> {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'command':
      return expander.substitute(part.source)
    case 'arithmetic': {
      const text = await expandOne(part.expression, expander)
      return String(evaluate(text, expander.get, expander.set))
    }
    default:
      return variableText(part, expander)
  }
}

async function variableText(part: WordPart & { kind: 'variable' }, expander: Expander): Promise<string> {
  const { name, operator, operand, length } = part
  const value = name === '@' || name === '*' ? expander.parameters.join(' ') : expander.get(name)
  if (length) return String(value?.length ?? 0)
  const missing = operator.startsWith(':') ? !value : value === undefined
  const other = () => expandOne(operand, expander)
  switch (operator.replace(':', '')) {
    case '-':
      return missing ? other() : (value ?? '')
    case '=': {
      if (!missing) return value ?? ''
      const fallback = await other()
      expander.set(name, fallback)
      return fallback
    }
    case '+':
      return missing ? '' : other()
    case '?':
      if (missing) throw new ShellExpansionError(`${name}: ${(await other()) || 'parameter not set'}`)
      return value ?? ''
    case '#':
    case '##':
      return withoutPrefix(value ?? '', await other(), operator === '##')
    case '%':
    case '%%':
      return withoutSuffix(value ?? '', await other(), operator === '%%')
    default:
      return value ?? ''
  }
}

function withoutPrefix(value: string, pattern: string, longest: boolean): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length)
  const found = (longest ? lengths.reverse() : lengths).find((length) => matches(pattern, value.slice(0, length)))
  return found === undefined ? value : value.slice(found)
}

function withoutSuffix(value: string, pattern: string, longest: boolean): string {
  const starts = Array.from({ length: value.length + 1 }, (_, start) => start)
  const found = (longest ? starts : starts.reverse()).find((start) => matches(pattern, value.slice(start)))
  return found === undefined ? value : value.slice(0, found)
}

/** Splits unquoted text at blanks; text in quotes keeps a word alive even when it is empty. */
function split(parts: readonly Piece[]): Piece[][] {
  const words: Piece[][] = []
  let current: Piece[] | undefined
  for (const { text, quoted } of parts) {
    if (quoted) {
      current ??= []
      current.push({ text, quoted })
      continue
    }
    for (const piece of text.split(/([ \t\n]+)/)) {
      if (/^[ \t\n]+$/.test(piece)) {
        if (current !== undefined) words.push(current)
        current = undefined
      } else if (piece !== '') {
        current ??= []
        current.push({ text: piece, quoted })
      }
    }
  }
  if (current !== undefined) words.push(current)
  return words
}

/** File names that a word with wildcards stands for; the word itself when there are none. */
async function globbed(word: readonly Piece[], { files, cwd }: Expander): Promise<string[]> {
  const text = word.map((piece) => piece.text).join('')
  if (!word.some((piece) => !piece.quoted && /[*?[]/.test(piece.text))) return [text]
  const slash = text.lastIndexOf('/')
  const folder = text.slice(0, slash + 1)
  const pattern = text.slice(slash + 1)
  if (/[*?[]/.test(folder)) return [text]
  const names = await files.list(normalPath(cwd, folder === '' ? '.' : folder)).catch(() => [])
  const found = names.filter((name) => (!name.startsWith('.') || pattern.startsWith('.')) && matches(pattern, name))
  return found.length > 0 ? found.map((name) => folder + name) : [text]
}

const longestPattern = 1_000

/** Whether a pattern with `*`, `?` and `[…]` stands for the whole text. Takes time linear in both. */
export function matches(pattern: string, text: string): boolean {
  if (pattern.length > longestPattern) return false
  let [at, star, retry] = [0, -1, 0]
  const items = pattern.match(/\[!?\]?[^\]]*\]|\\.|[\s\S]/g) ?? []
  for (let index = 0; index < text.length; ) {
    const item = items[at]
    if (item === '*') {
      star = at++
      retry = index
    } else if (item !== undefined && matchesOne(item, text[index] ?? '')) {
      at++
      index++
    } else if (star >= 0) {
      at = star + 1
      index = ++retry
    } else return false
  }
  while (items[at] === '*') at++
  return at === items.length
}

function matchesOne(item: string, character: string): boolean {
  if (item === '?') return true
  if (item.startsWith('\\')) return item[1] === character
  if (!/^\[.+\]$/s.test(item)) return item === character
  const negated = item[1] === '!'
  const set = item.slice(negated ? 2 : 1, -1)
  let found = false
  for (let at = 0; at < set.length; at++) {
    const [from = '', to = ''] = set[at + 1] === '-' && at + 2 < set.length ? [set[at], set[at + 2]] : [set[at], set[at]]
    if (character >= from && character <= to) found = true
    if (set[at + 1] === '-' && at + 2 < set.length) at += 2
  }
  return found !== negated
}
