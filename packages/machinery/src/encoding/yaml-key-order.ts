/** The Go library's order: letters after other characters, runs of digits by their value. */
export function compareYamlKeys(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = left[i] ?? ''
    const y = right[i] ?? ''
    if (x === y) continue
    const xLetter = /\p{L}/u.test(x)
    const yLetter = /\p{L}/u.test(y)
    if (xLetter !== yLetter) return yLetter ? -1 : 1
    if (!xLetter) return compareDigits(left, right, i) || codeOf(x) - codeOf(y)
    return codeOf(x) - codeOf(y)
  }
  return left.length - right.length
}

function compareDigits(left: readonly string[], right: readonly string[], start: number): number {
  const zero = left[start] === '0' || right[start] === '0'
  const prefix = zero && precededByDigits(left, start) ? '1' : ''
  const x = /^\d*/.exec(left.slice(start).join(''))?.[0] ?? ''
  const y = /^\d*/.exec(right.slice(start).join(''))?.[0] ?? ''
  const difference = BigInt(`${prefix}${x}` || '0') - BigInt(`${prefix}${y}` || '0')
  return difference === 0n ? x.length - y.length : difference < 0n ? -1 : 1
}

function precededByDigits(text: readonly string[], end: number): boolean {
  for (let i = end - 1; i >= 0 && /\d/.test(text[i] ?? ''); i--) if (text[i] !== '0') return true
  return false
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}
