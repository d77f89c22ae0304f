import { Regexp } from '@treeline/machinery'
import { normalPath } from '../../files/file-tree.js'
import { pause } from '../../programs/wait.js'
import { type CommandContext, options, type ShellCommand } from '../command.js'
import { LineReader, readAll, type Source, sourceOf } from '../streams.js'

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  e: '\u001b',
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|(.))/gs, (whole, hex?: string, octal?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return escapes[letter ?? ''] ?? whole
  })
}

const echo: ShellCommand = async ({ args, stdout }) => {
  const words = [...args]
  let [newline, interpret] = [true, false]
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const flags = words.shift() ?? ''
    if (flags.includes('n')) newline = false
    if (flags.includes('e')) interpret = true
  }
  const text = words.join(' ')
  await stdout((interpret ? unescaped(text) : text) + (newline ? '\n' : ''))
  return 0
}

const printf: ShellCommand = async ({ args: [format = '', ...values], stdout }) => {
  const left = [...values]
  do {
    const before = left.length
    const text = unescaped(format).replace(
      /%(-?)(0?)(\d*)(?:\.(\d+))?([sdiuxXobcfq%])/g,
      (_, minus: string, zero: string, width: string, precision: string | undefined, kind: string) => {
        if (kind === '%') return '%'
        const value = formatted(kind, left.shift() ?? '', precision)
        return minus ? value.padEnd(Number(width)) : value.padStart(Number(width), zero && kind !== 's' ? '0' : ' ')
      },
    )
    await stdout(text)
    if (left.length === before) break
  } while (left.length > 0)
  return 0
}

function formatted(kind: string, value: string, precision: string | undefined): string {
  const number = Number.parseInt(value, 10) || 0
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return String(number)
    case 'x':
      return number.toString(16)
    case 'X':
      return number.toString(16).toUpperCase()
    case 'o':
      return number.toString(8)
    case 'f':
      return (Number.parseFloat(value) || 0).toFixed(Number(precision ?? 6))
    case 'c':
      return value.slice(0, 1)
    case 'b':
      return unescaped(value)
    default:
      return precision === undefined ? value : value.slice(0, Number(precision))
  }
}

/** Opens each named file, or the standard input where none or `-` is named. Says what cannot be opened and goes on. */
async function* inputs(
  context: CommandContext,
  names: readonly string[],
  failed: () => void,
): AsyncGenerator<{ name: string; source: Source }> {
  for (const name of names.length === 0 ? ['-'] : names) {
    if (name === '-') {
      yield { name, source: context.stdin }
      continue
    }
    try {
      yield { name, source: sourceOf([await context.machine.files.read(normalPath(context.cwd, name))]) }
    } catch (error) {
      failed()
      await context.stderr(`can't open '${name}': ${error instanceof Error ? error.message : error}\n`)
    }
  }
}

const cat: ShellCommand = async (context) => {
  let code = 0
  const fail = () => {
    code = 1
  }
  for await (const { source } of inputs(
    { ...context, stderr: (data) => context.stderr(`cat: ${data}`) },
    options(context.args).rest,
    fail,
  )) {
    for await (const chunk of source) {
      if (context.signal.aborted) return code
      await context.stdout(chunk)
    }
  }
  return code
}

const head: ShellCommand = async (context) => {
  const { values, rest } = options(shortCount(context.args), 'nc')
  let code = 0
  for await (const { source } of inputs(context, rest, () => {
    code = 1
  })) {
    const bytes = values.get('c')
    if (bytes !== undefined) {
      await context.stdout((await readAll(source)).subarray(0, Number(bytes)))
      continue
    }
    const lines = new LineReader(source)
    for (let left = Number(values.get('n') ?? 10); left > 0; left--) {
      const line = await lines.line()
      if (line === undefined) break
      await context.stdout(`${line}\n`)
    }
  }
  return code
}

/** `-5` is `-n 5`. */
function shortCount(args: readonly string[]): string[] {
  return args.flatMap((word) => (/^-\d+$/.test(word) ? ['-n', word.slice(1)] : [word]))
}

const followPeriod = 500

const tail: ShellCommand = async (context) => {
  const { flags, values, rest } = options(shortCount(context.args), 'nc')
  const count = Number((values.get('n') ?? '10').replace(/^\+/, ''))
  let code = 0
  for await (const { source } of inputs(context, rest, () => {
    code = 1
  })) {
    const lines = (await readAll(source)).toString().split('\n')
    if (lines.at(-1) === '') lines.pop()
    const shown = values.get('n')?.startsWith('+') ? lines.slice(count - 1) : count === 0 ? [] : lines.slice(-count)
    await context.stdout(shown.map((line) => `${line}\n`).join(''))
  }
  if (flags.has('f') || flags.has('F')) await follow(context, rest[0] ?? '-')
  return code
}

async function follow({ machine, cwd, signal, stdout }: CommandContext, name: string): Promise<void> {
  const path = normalPath(cwd, name)
  if (name === '-' || path === '/dev/null') return pause(Number.POSITIVE_INFINITY, signal)
  let seen = (await machine.files.read(path).catch(() => Buffer.alloc(0))).length
  while (!signal.aborted) {
    await pause(followPeriod, signal)
    const data = await machine.files.read(path).catch(() => Buffer.alloc(0))
    if (data.length > seen) await stdout(data.subarray(seen))
    seen = data.length
  }
}

const wc: ShellCommand = async (context) => {
  const { flags, rest } = options(context.args)
  let code = 0
  for await (const { name, source } of inputs(context, rest, () => {
    code = 1
  })) {
    const data = await readAll(source)
    const text = data.toString()
    const numbers = { l: text.split('\n').length - 1, w: text.split(/\s+/).filter(Boolean).length, c: data.length }
    const wanted = (['l', 'w', 'c'] as const).filter((letter) => flags.size === 0 || flags.has(letter))
    const columns = wanted.map((letter) => String(numbers[letter]))
    const line = columns.length === 1 ? columns.join('') : columns.map((column) => column.padStart(9)).join('')
    await context.stdout(`${line}${name === '-' ? '' : ` ${name}`}\n`)
  }
  return code
}

const grep: ShellCommand = async (context) => {
  const { flags, values, rest } = options(context.args, 'em')
  const [pattern = '', ...files] = values.has('e') ? [values.get('e') ?? '', ...rest] : rest
  const expression = grepExpression(pattern, flags)
  let code = 1
  let error = false
  for await (const { name, source } of inputs(context, files, () => {
    error = true
  })) {
    const lines = new LineReader(source)
    let count = 0
    for (let line = await lines.line(), number = 1; line !== undefined; line = await lines.line(), number++) {
      if (expression(line) === flags.has('v')) continue
      code = 0
      if (flags.has('q')) return 0
      if (++count && !flags.has('c')) {
        await context.stdout(`${files.length > 1 && !flags.has('h') ? `${name}:` : ''}${flags.has('n') ? `${number}:` : ''}${line}\n`)
      }
    }
    if (flags.has('c')) await context.stdout(`${count}\n`)
  }
  return error ? 2 : code
}

/** In linear time, whatever the pattern: many containers share one process. */
function grepExpression(pattern: string, flags: ReadonlySet<string>): (line: string) => boolean {
  const fold = (text: string) => (flags.has('i') ? text.toLowerCase() : text)
  if (flags.has('F')) return (line) => fold(line).includes(fold(pattern))
  const expression = new Regexp(`${flags.has('i') ? '(?i)' : ''}${flags.has('w') ? `\\b(?:${pattern})\\b` : pattern}`)
  return (line) => expression.test(line)
}

const sort: ShellCommand = async (context) => {
  const { flags, rest } = options(context.args, 'k')
  const lines: string[] = []
  for await (const { source } of inputs(context, rest, () => undefined)) lines.push(...(await readAll(source)).toString().split('\n'))
  const wanted = lines.filter((line, index) => line !== '' || index < lines.length - 1)
  wanted.sort(flags.has('n') ? (a, b) => Number.parseFloat(a) - Number.parseFloat(b) : (a, b) => (a < b ? -1 : a > b ? 1 : 0))
  if (flags.has('r')) wanted.reverse()
  const shown = flags.has('u') ? [...new Set(wanted)] : wanted
  await context.stdout(shown.map((line) => `${line}\n`).join(''))
  return 0
}

const uniq: ShellCommand = async (context) => {
  const { flags, rest } = options(context.args)
  const runs: { line: string; count: number }[] = []
  for await (const { source } of inputs(context, rest, () => undefined)) {
    const lines = new LineReader(source)
    for (let line = await lines.line(); line !== undefined; line = await lines.line()) {
      const last = runs.at(-1)
      if (last?.line === line) last.count++
      else runs.push({ line, count: 1 })
    }
  }
  await context.stdout(runs.map(({ line, count }) => `${flags.has('c') ? `${String(count).padStart(7)} ` : ''}${line}\n`).join(''))
  return 0
}

const cut: ShellCommand = async (context) => {
  const { values, rest } = options(context.args, 'dfc')
  const fields = (values.get('f') ?? values.get('c') ?? '1').split(',').map(Number)
  const separator = values.has('c') ? '' : (values.get('d') ?? '\t')
  for await (const { source } of inputs(context, rest, () => undefined)) {
    const lines = new LineReader(source)
    for (let line = await lines.line(); line !== undefined; line = await lines.line()) {
      const parts = line.split(separator)
      await context.stdout(`${fields.flatMap((field) => parts[field - 1] ?? []).join(separator)}\n`)
    }
  }
  return 0
}

const tr: ShellCommand = async ({ args, stdin, stdout }) => {
  const { flags, rest } = options(args)
  const [from = '', to = ''] = rest.map((set) => unescaped(set).replace(/(.)-(.)/gs, (_, a: string, b: string) => range(a, b)))
  const text = (await readAll(stdin)).toString()
  await stdout([...text].map((character) => translated(character, from, to, flags.has('d'))).join(''))
  return 0
}

function translated(character: string, from: string, to: string, remove: boolean): string {
  const index = from.indexOf(character)
  if (index < 0) return character
  return remove ? '' : (to[Math.min(index, to.length - 1)] ?? '')
}

function range(from: string, to: string): string {
  const [a, b] = [from.charCodeAt(0), Math.min(to.charCodeAt(0), from.charCodeAt(0) + 256)]
  return Array.from({ length: Math.max(0, b - a + 1) }, (_, index) => String.fromCharCode(a + index)).join('')
}

const seq: ShellCommand = async ({ args, stdout, signal }) => {
  const numbers = args.map(Number)
  const [first = 1, step = 1, last = 1] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers
  if (step === 0 || numbers.some(Number.isNaN)) return 1
  for (let value = first; (step > 0 ? value <= last : value >= last) && !signal.aborted; value += step) await stdout(`${value}\n`)
  return 0
}

const tee: ShellCommand = async ({ args, stdin, stdout, machine, cwd }) => {
  const { flags, rest } = options(args)
  const paths = rest.map((name) => normalPath(cwd, name))
  for (const path of paths) if (!flags.has('a')) await machine.files.write(path, Buffer.alloc(0))
  for await (const chunk of stdin) {
    await stdout(chunk)
    for (const path of paths) await machine.files.write(path, chunk, { append: true })
  }
  return 0
}

export const textCommands: Readonly<Record<string, ShellCommand>> = {
  cat,
  cut,
  echo,
  grep,
  head,
  printf,
  seq,
  sort,
  tail,
  tee,
  tr,
  uniq,
  wc,
}
