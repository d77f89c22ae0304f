import { normalPath } from '../../files/file-tree.js'
import type { CommandContext, Machine, ShellCommand } from '../command.js'
import type { Source } from '../streams.js'

const block = 512
const largestFile = 64 * 1024 * 1024

/** Archives in ustar form, as far as copying files in and out of containers needs it: c, x and t, with f, C, m, v and p. */
export const tar: ShellCommand = async (context) => {
  const { mode, file, directory, paths, verbose } = parse(context.args)
  const base = normalPath(context.cwd, directory)
  if (mode === 'c') return create({ ...context, cwd: base }, file, paths, verbose)
  if (mode === 'x' || mode === 't') return extract({ ...context, cwd: base }, file, mode, paths, verbose)
  await context.stderr('tar: you must specify one of c, x and t\n')
  return 1
}

interface TarArguments {
  readonly mode: string
  readonly file: string
  readonly directory: string
  readonly paths: readonly string[]
  readonly verbose: boolean
}

function parse(args: readonly string[]): TarArguments {
  let [mode, file, directory, verbose] = ['', '-', '.', false]
  const paths: string[] = []
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? ''
    if (index > 0 && !word.startsWith('-')) {
      paths.push(word)
      continue
    }
    if (word.startsWith('--')) continue
    for (const letter of word.replace(/^-/, '')) {
      if ('cxt'.includes(letter)) mode = letter
      else if (letter === 'f') file = args[++index] ?? '-'
      else if (letter === 'C') directory = args[++index] ?? '.'
      else if (letter === 'v') verbose = true
    }
  }
  return { mode, file, directory, paths, verbose }
}

async function create(context: CommandContext, file: string, paths: readonly string[], verbose: boolean): Promise<number> {
  const { machine, cwd, stdout, stderr } = context
  const kept: Buffer[] = []
  const put = async (data: Buffer) => {
    if (file === '-') await stdout(data)
    else kept.push(data)
  }
  let code = 0
  for (const path of paths) {
    try {
      await add(machine, normalPath(cwd, path), path.replace(/^\/+/, ''), put, async (name) => (verbose ? stderr(`${name}\n`) : undefined))
    } catch (error) {
      code = 1
      await stderr(`tar: ${path}: ${error instanceof Error ? error.message : error}\n`)
    }
  }
  await put(Buffer.alloc(2 * block))
  if (file !== '-') await machine.files.write(normalPath(cwd, file), Buffer.concat(kept))
  return code
}

async function add(
  machine: Machine,
  path: string,
  name: string,
  put: (data: Buffer) => Promise<void>,
  say: (name: string) => Promise<void>,
): Promise<void> {
  const facts = await machine.files.facts(path)
  await say(name)
  if (facts.kind === 'directory') {
    await put(header(`${name}/`, '5', 0, facts.mode, facts.modified))
    for (const child of await machine.files.list(path)) {
      if (!child.startsWith('..')) await add(machine, `${path}/${child}`, `${name}/${child}`, put, say)
    }
    return
  }
  const data = await machine.files.read(path)
  await put(header(name, '0', data.length, facts.mode, facts.modified))
  await put(data)
  await put(Buffer.alloc((block - (data.length % block)) % block))
}

function header(name: string, type: string, size: number, mode: number, modified: number): Buffer {
  const bytes = Buffer.alloc(block)
  const cut = name.length > 100 ? name.lastIndexOf('/', name.length - 2) : -1
  const [prefix, rest] = cut > 0 && name.length > 100 ? [name.slice(0, cut), name.slice(cut + 1)] : ['', name]
  if (rest.length > 100 || prefix.length > 155) throw new Error('file name is too long')
  const octal = (value: number, at: number, length: number) => bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  bytes.write(rest, 0)
  octal(mode & 0o7777, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(Math.floor(modified / 1_000), 136, 12)
  bytes.write('        ', 148)
  bytes.write(type, 156)
  bytes.write('ustar\x0000', 257, 'latin1')
  bytes.write('root', 265)
  bytes.write('root', 297)
  bytes.write(prefix, 345)
  bytes.write(
    `${bytes
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return bytes
}

async function extract(context: CommandContext, file: string, mode: string, wanted: readonly string[], verbose: boolean): Promise<number> {
  const { machine, cwd, stdin, stdout, stderr } = context
  const source = file === '-' ? stdin : undefined
  const reader = new BlockReader(source, source === undefined ? await machine.files.read(normalPath(cwd, file)) : Buffer.alloc(0))
  let longName = ''
  for (;;) {
    const head = await reader.take(block)
    if (head.length < block || head.every((byte) => byte === 0)) return 0
    const text = (at: number, length: number) => head.toString('utf8', at, at + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(text(124, 12).trim() || '0', 8)
    const type = text(156, 1) || '0'
    const prefix = text(257, 5) === 'ustar' ? text(345, 155) : ''
    const name = longName || (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`)
    longName = ''
    if (!(size >= 0 && size <= largestFile)) {
      await stderr('tar: corrupted archive or file too large\n')
      return 1
    }
    const data = await reader.take(size)
    await reader.take((block - (size % block)) % block)
    if (data.length < size) {
      await stderr('tar: short read\n')
      return 1
    }
    if (type === 'L') longName = data.toString().replace(/\0+$/, '')
    else if (type === 'x') longName = /\d+ path=(.*)\n/.exec(data.toString())?.[1] ?? ''
    else if (type !== 'g' && (wanted.length === 0 || wanted.some((path) => name.startsWith(path)))) {
      if (mode === 't' || verbose) await (mode === 't' ? stdout : stderr)(`${name}\n`)
      if (mode === 'x') await place(machine, cwd, name, type, data, Number.parseInt(text(100, 8), 8) & 0o7777, text(157, 100))
    }
  }
}

async function place(machine: Machine, cwd: string, name: string, type: string, data: Buffer, mode: number, target: string): Promise<void> {
  if (name.split('/').includes('..')) throw new Error(`refusing to unpack ${name}`)
  const path = normalPath(cwd, name)
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  if (type === '5') {
    if (!(await machine.files.exists(path))) await machine.files.makeDirectory(path, true)
    return
  }
  if (!(await machine.files.exists(folder))) await machine.files.makeDirectory(folder, true)
  if (type === '2') await machine.files.makeLink(path, target)
  else await machine.files.write(path, data, { mode })
}

class BlockReader {
  constructor(
    private readonly source: Source | undefined,
    private pending: Buffer,
  ) {}

  /** That many bytes, or fewer at the end. */
  async take(length: number): Promise<Buffer> {
    const parts = [this.pending]
    let have = this.pending.length
    while (have < length) {
      const chunk = await this.source?.read()
      if (chunk === undefined) break
      parts.push(chunk)
      have += chunk.length
    }
    const all = parts.length === 1 ? this.pending : Buffer.concat(parts)
    this.pending = all.subarray(length)
    return all.subarray(0, length)
  }
}
