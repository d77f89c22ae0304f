import { quote } from '../text/quote.js'

/** Number of keys written in a well-formed JSON text; more than its value has if some are duplicates. */
export function countKeys(text: string): number {
  let keys = 0
  for (let start = text.indexOf('"'); start >= 0; ) {
    const end = stringEnd(text, start)
    if (text.charCodeAt(skipSpace(text, end)) === colon) keys++
    start = text.indexOf('"', end)
  }
  return keys
}

/** `duplicate field "path"` for each key given twice in a well-formed JSON text; at most 100, each path once. */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>()
  const frames: Frame[] = []
  for (let i = skipSpace(text, 0); i < text.length && found.size < maxDuplicates; i = skipSpace(text, i)) {
    const frame = frames[frames.length - 1]
    switch (text[i]) {
      case '{':
        frames.push({ path: childPath(frame), keys: new Set(), key: '' })
        break
      case '[':
        frames.push({ path: childPath(frame), index: 0 })
        break
      case '}':
      case ']':
        frames.pop()
        break
      case ',':
        if (frame && 'index' in frame) frame.index++
        break
      case '"': {
        const end = stringEnd(text, i)
        const next = skipSpace(text, end)
        if (frame && 'keys' in frame && text.charCodeAt(next) === colon) {
          frame.key = JSON.parse(text.slice(i, end)) as string
          if (frame.keys.has(frame.key)) found.add(`duplicate field ${quote(childPath(frame))}`)
          frame.keys.add(frame.key)
        }
        i = end
        continue
      }
    }
    i++
  }
  return [...found]
}

/** The first number of a well-formed JSON text that is beyond a double. */
export function unrepresentableNumber(text: string): string {
  for (let i = 0; i < text.length; ) {
    if (text[i] === '"') {
      i = stringEnd(text, i)
      continue
    }
    numberToken.lastIndex = i
    const number = numberToken.exec(text)?.[0]
    if (number !== undefined && !Number.isFinite(Number(number))) return number
    i += number?.length ?? 1
  }
  return ''
}

const maxDuplicates = 100
const colon = 0x3a
const backslash = 0x5c
const numberToken = /-?\d[\d.eE+-]*/y

type Frame = { readonly path: string; readonly keys: Set<string>; key: string } | { readonly path: string; index: number }

function childPath(frame: Frame | undefined): string {
  if (!frame) return ''
  if ('index' in frame) return `${frame.path}[${frame.index}]`
  return frame.path === '' ? frame.key : `${frame.path}.${frame.key}`
}

/** Index after the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end + 1
  }
  return text.length
}

function skipSpace(text: string, start: number): number {
  let i = start
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break
  }
  return i
}
