import { ShellExpansionError } from './errors.js'

/** Evaluates a shell's arithmetic on integers. Throws a ShellExpansionError on what is no expression. Assignments go to `set`. */
export function evaluate(text: string, get: (name: string) => string | undefined, set: (name: string, value: string) => void): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%]=|<<|>>|[-+*/%()<>=!&|^~?:]|\S/g) ?? []
  let at = 0
  const peek = () => tokens[at]
  const take = (token: string) => peek() === token && ++at > 0
  const fail = () => new ShellExpansionError('arithmetic syntax error')
  const value = (name: string) => Number.parseInt(get(name) ?? '0', 10) || 0

  const result = tokens.length === 0 ? 0 : ternary()
  if (at < tokens.length) throw fail()
  return result

  function ternary(depth = 0): number {
    if (depth > 50) throw fail()
    const name = peek() ?? ''
    const operator = tokens[at + 1] ?? ''
    if (/^[A-Za-z_]/.test(name) && /^([-+*/%]?=)$/.test(operator)) {
      at += 2
      const right = ternary(depth + 1)
      const next = operator === '=' ? right : binary[operator[0] ?? '']?.[1](value(name), right)
      set(name, String(next ?? 0))
      return next ?? 0
    }
    const condition = level(0)
    if (!take('?')) return condition
    const yes = ternary(depth + 1)
    if (!take(':')) throw fail()
    const no = ternary(depth + 1)
    return condition ? yes : no
  }

  function level(rank: number): number {
    if (rank >= ranks) return unary()
    let left = level(rank + 1)
    for (;;) {
      const operation = binary[peek() ?? '']
      if (operation === undefined || operation[0] !== rank) return left
      at++
      left = operation[1](left, level(rank + 1))
    }
  }

  function unary(): number {
    if (take('-')) return -unary()
    if (take('+')) return unary()
    if (take('!')) return unary() === 0 ? 1 : 0
    if (take('~')) return ~unary()
    const step = take('++') ? 1 : take('--') ? -1 : 0
    if (take('(')) {
      const inner = ternary()
      if (!take(')')) throw fail()
      return inner
    }
    const token = peek()
    if (token === undefined) throw fail()
    at++
    if (/^\d/.test(token)) return Number.parseInt(token, 10)
    if (!/^[A-Za-z_]/.test(token)) throw fail()
    const current = value(token)
    if (step !== 0) {
      set(token, String(current + step))
      return current + step
    }
    const after = take('++') ? 1 : take('--') ? -1 : 0
    if (after !== 0) set(token, String(current + after))
    return current
  }
}

const ranks = 7
const truth = (value: boolean) => (value ? 1 : 0)
const divided = (a: number, b: number, operation: (a: number, b: number) => number) => {
  if (b === 0) throw new ShellExpansionError('divide by zero')
  return operation(a, b)
}
const binary: Readonly<Record<string, readonly [rank: number, (a: number, b: number) => number]>> = {
  '||': [0, (a, b) => truth(a !== 0 || b !== 0)],
  '&&': [1, (a, b) => truth(a !== 0 && b !== 0)],
  '|': [2, (a, b) => a | b],
  '^': [2, (a, b) => a ^ b],
  '&': [2, (a, b) => a & b],
  '==': [3, (a, b) => truth(a === b)],
  '!=': [3, (a, b) => truth(a !== b)],
  '<': [4, (a, b) => truth(a < b)],
  '<=': [4, (a, b) => truth(a <= b)],
  '>': [4, (a, b) => truth(a > b)],
  '>=': [4, (a, b) => truth(a >= b)],
  '<<': [4, (a, b) => a << b],
  '>>': [4, (a, b) => a >> b],
  '+': [5, (a, b) => a + b],
  '-': [5, (a, b) => a - b],
  '*': [6, (a, b) => a * b],
  '/': [6, (a, b) => divided(a, b, (x, y) => Math.trunc(x / y))],
  '%': [6, (a, b) => divided(a, b, (x, y) => x % y)],
}
