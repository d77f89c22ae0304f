import { duration } from '../../behaviour.js'
import { pause } from '../../programs/wait.js'
import { type CommandContext, options, type ShellCommand } from '../command.js'

const exits =
  (code: number): ShellCommand =>
  async () =>
    code

const sleep: ShellCommand = async ({ args, signal, stderr }) => {
  let total = 0
  for (const word of args) {
    const milliseconds =
      word === 'infinity' || word === 'inf'
        ? Number.POSITIVE_INFINITY
        : (duration(word.replace(/d$/, '')) ?? Number.NaN) * (word.endsWith('d') ? 86_400 : 1)
    if (Number.isNaN(milliseconds)) {
      await stderr(`sleep: invalid number '${word}'\n`)
      return 1
    }
    total += milliseconds
  }
  await pause(total, signal)
  return signal.aborted ? 143 : 0
}

const env: ShellCommand = async (context) => {
  const environment = new Map(context.args[0] === '-i' ? [] : context.environment)
  const words = context.args[0] === '-i' ? context.args.slice(1) : context.args
  const first = words.findIndex((word) => !word.includes('='))
  for (const word of first < 0 ? words : words.slice(0, first))
    environment.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
  if (first >= 0) return context.run(words.slice(first), { environment })
  await context.stdout([...environment].map(([name, value]) => `${name}=${value}\n`).join(''))
  return 0
}

const printenv: ShellCommand = async ({ args, environment, stdout }) => {
  const names = args.length === 0 ? [...environment.keys()] : args
  for (const name of names) {
    const value = environment.get(name)
    if (value === undefined) return 1
    await stdout(args.length === 0 ? `${name}=${value}\n` : `${value}\n`)
  }
  return 0
}

const hostname: ShellCommand = async ({ args, machine, stdout }) => {
  await stdout(`${/^-[iI]$/.test(args[0] ?? '') ? machine.address : machine.hostname}\n`)
  return 0
}

const pwd: ShellCommand = async ({ cwd, stdout }) => {
  await stdout(`${cwd}\n`)
  return 0
}

const whoami: ShellCommand = async ({ machine, stdout }) => {
  await stdout(machine.user.uid === 0 ? 'root\n' : `${machine.user.uid}\n`)
  return 0
}

const id: ShellCommand = async ({ args, machine: { user }, stdout }) => {
  const names = user.uid === 0 ? ['(root)', '(root)'] : ['', '']
  if (args[0] === '-u') await stdout(`${user.uid}\n`)
  else if (args[0] === '-g') await stdout(`${user.gid}\n`)
  else await stdout(`uid=${user.uid}${names[0]} gid=${user.gid}${names[1]}\n`)
  return 0
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const date: ShellCommand = async ({ args, stdout }) => {
  const now = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  const parts: Readonly<Record<string, string>> = {
    Y: String(now.getUTCFullYear()),
    m: two(now.getUTCMonth() + 1),
    d: two(now.getUTCDate()),
    H: two(now.getUTCHours()),
    M: two(now.getUTCMinutes()),
    S: two(now.getUTCSeconds()),
    s: String(Math.floor(now.getTime() / 1_000)),
    N: String(now.getTime() % 1_000).padEnd(9, '0'),
    a: days[now.getUTCDay()] ?? '',
    b: months[now.getUTCMonth()] ?? '',
    F: now.toISOString().slice(0, 10),
    T: now.toISOString().slice(11, 19),
    Z: 'UTC',
    z: '+0000',
    '%': '%',
  }
  const format =
    args.find((word) => word.startsWith('+'))?.slice(1) ?? (args.some((word) => word.startsWith('-I')) ? '%F' : '%a %b %d %T UTC %Y')
  await stdout(`${format.replace(/%([A-Za-z%])/g, (whole, letter: string) => parts[letter] ?? whole)}\n`)
  return 0
}

const uname: ShellCommand = async ({ args, machine, stdout }) => {
  const { flags } = options(args)
  if (flags.has('a')) await stdout(`Linux ${machine.hostname} 6.0.0-sandbox #1 SMP x86_64 Linux\n`)
  else await stdout(`${flags.has('r') ? '6.0.0-sandbox' : flags.has('m') ? 'x86_64' : flags.has('n') ? machine.hostname : 'Linux'}\n`)
  return 0
}

const kill: ShellCommand = async ({ args, machine }) => {
  const [first = ''] = args
  const hard = /^-(9|KILL|SIGKILL)$/.test(first)
  if (args.at(-1) === '1' && first !== '-0') machine.signalMain(hard)
  return 0
}

const ps: ShellCommand = async ({ stdout }) => {
  await stdout('PID   USER     TIME  COMMAND\n    1 root      0:00 main\n')
  return 0
}

const which: ShellCommand = async ({ args, stdout }) => {
  await stdout(args.map((name) => `/bin/${name}\n`).join(''))
  return 0
}

const basename: ShellCommand = async ({ args: [path = '', suffix = ''], stdout }) => {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  await stdout(`${suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`)
  return 0
}

const dirname: ShellCommand = async ({ args: [path = ''], stdout }) => {
  const folder = path.replace(/\/+$/, '').split('/').slice(0, -1).join('/')
  await stdout(`${folder || (path.startsWith('/') ? '/' : '.')}\n`)
  return 0
}

const timeout: ShellCommand = async (context) => {
  const { rest } = options(context.args, 'sk')
  const limit = new AbortController()
  const stop = () => limit.abort()
  context.signal.addEventListener('abort', stop, { once: true })
  const running = context.run(rest.slice(1), { signal: limit.signal })
  const late = Symbol('late')
  const idle = new AbortController()
  const first = await Promise.race([running, pause(duration(rest[0]) ?? 0, idle.signal).then(() => late)])
  idle.abort()
  limit.abort()
  context.signal.removeEventListener('abort', stop)
  await running
  return typeof first === 'number' ? first : 124
}

/** `sh -c SCRIPT`, `sh FILE`, or commands from the standard input. */
const sh: ShellCommand = async (context) => {
  const args = [...context.args]
  let flags = ''
  while (/^-[a-z]+$/.test(args[0] ?? '')) flags += (args.shift() ?? '').slice(1)
  if (flags.includes('c')) {
    const [script = '', ...parameters] = args
    const prefix = [flags.includes('e') ? 'set -e\n' : '', flags.includes('x') ? 'set -x\n' : ''].join('')
    return context.script(prefix + script, parameters.length === 0 ? ['sh'] : parameters)
  }
  const [file, ...parameters] = args
  if (file === undefined) return context.script('', ['sh'], { interactive: true })
  const text = await context.machine.files.read(file.startsWith('/') ? file : `${context.cwd}/${file}`)
  return context.script(text.toString(), [file, ...parameters])
}

const busybox: ShellCommand = async (context) => {
  if (context.args.length > 0) return context.run(context.args)
  await context.stdout('BusyBox (simulated): a small shell with the usual commands\n')
  return 0
}

const xargs: ShellCommand = async (context) => {
  const words: string[] = []
  for await (const chunk of context.stdin) words.push(chunk.toString())
  const args = words.join('').split(/\s+/).filter(Boolean)
  return context.run([...(context.args.length === 0 ? ['echo'] : context.args), ...args])
}

/** `[ … ]` and `test …`. */
const test: ShellCommand = async (context) => {
  const words = context.args.at(-1) === ']' ? context.args.slice(0, -1) : [...context.args]
  try {
    return (await judge(words, context)) ? 0 : 1
  } catch (error) {
    await context.stderr(`sh: ${error instanceof Error ? error.message : error}\n`)
    return 2
  }
}

async function judge(words: readonly string[], context: CommandContext): Promise<boolean> {
  const or = words.indexOf('-o')
  if (or > 0) return (await judge(words.slice(0, or), context)) || (await judge(words.slice(or + 1), context))
  const and = words.indexOf('-a')
  if (and > 0) return (await judge(words.slice(0, and), context)) && (await judge(words.slice(and + 1), context))
  if (words[0] === '!') return !(await judge(words.slice(1), context))
  if (words.length <= 1) return (words[0] ?? '') !== ''
  if (words.length === 2) return unary(words[0] ?? '', words[1] ?? '', context)
  return compare(words[0] ?? '', words[1] ?? '', words[2] ?? '')
}

async function unary(operator: string, word: string, { machine, cwd }: CommandContext): Promise<boolean> {
  if (operator === '-z') return word === ''
  if (operator === '-n') return word !== ''
  if (operator === '-t') return false
  const facts = await machine.files
    .facts(word.startsWith('/') ? word : `${cwd}/${word}`, operator !== '-L' && operator !== '-h')
    .catch(() => undefined)
  if (facts === undefined) return false
  switch (operator) {
    case '-f':
      return facts.kind === 'file'
    case '-d':
      return facts.kind === 'directory'
    case '-s':
      return facts.size > 0
    case '-L':
    case '-h':
      return facts.kind === 'link'
    case '-e':
    case '-r':
    case '-w':
    case '-x':
      return true
    default:
      throw new Error(`${operator}: unknown operand`)
  }
}

function compare(left: string, operator: string, right: string): boolean {
  const numbers = () =>
    [left, right].map((word) => {
      if (!/^-?\d+$/.test(word)) throw new Error(`${word}: bad number`)
      return Number(word)
    }) as [number, number]
  switch (operator) {
    case '=':
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
  }
  const [a, b] = numbers()
  const results: Readonly<Record<string, boolean>> = {
    '-eq': a === b,
    '-ne': a !== b,
    '-lt': a < b,
    '-le': a <= b,
    '-gt': a > b,
    '-ge': a >= b,
  }
  const result = results[operator]
  if (result === undefined) throw new Error(`${operator}: unknown operand`)
  return result
}

export const systemCommands: Readonly<Record<string, ShellCommand>> = {
  '[': test,
  ash: sh,
  basename,
  bash: sh,
  busybox,
  date,
  dash: sh,
  dirname,
  env,
  false: exits(1),
  hostname,
  id,
  kill,
  nproc: async ({ stdout }) => {
    await stdout('1\n')
    return 0
  },
  printenv,
  ps,
  pwd,
  sh,
  sleep,
  stty: exits(0),
  sync: exits(0),
  test,
  timeout,
  true: exits(0),
  uname,
  which,
  whoami,
  xargs,
}
