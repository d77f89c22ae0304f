import { FileError, type FileFacts, isDirectory, normalPath } from '../../files/file-tree.js'
import { type CommandContext, options, type ShellCommand } from '../command.js'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const ls: ShellCommand = async (context) => {
  const { flags, rest } = options(context.args)
  const { machine, cwd, stdout, stderr } = context
  const show = async (name: string, path: string): Promise<string> => {
    if (!flags.has('l')) return `${name}\n`
    return `${longLine(await machine.files.facts(path, false), name)}\n`
  }
  let code = 0
  const targets = rest.length === 0 ? ['.'] : rest
  for (const [index, target] of targets.entries()) {
    const path = normalPath(cwd, target)
    try {
      const facts = await machine.files.facts(path)
      if (facts.kind !== 'directory' || flags.has('d')) {
        await stdout(await show(target, path))
        continue
      }
      if (targets.length > 1) await stdout(`${index > 0 ? '\n' : ''}${target}:\n`)
      const names = (await machine.files.list(path)).filter((name) => flags.has('a') || flags.has('A') || !name.startsWith('.'))
      if (flags.has('l')) await stdout(`total ${names.length * 4}\n`)
      const dots = flags.has('a') ? ['.', '..'] : []
      for (const name of [...dots, ...names]) await stdout(await show(name, normalPath(path, name)))
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      code = 1
      await stderr(`ls: ${target}: ${error.message}\n`)
    }
  }
  return code
}

function longLine({ kind, mode, size, modified, target }: FileFacts, name: string): string {
  const letter = { file: '-', directory: 'd', link: 'l', device: 'c' }[kind]
  const bits = [6, 3, 0].map((shift) => 'rwx'.replace(/./g, (bit, at: number) => ((mode >> shift) & (4 >> at) ? bit : '-'))).join('')
  const date = new Date(modified)
  const clock = `${String(date.getUTCHours()).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`
  const day = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock}`
  return `${letter}${bits}    1 root     root     ${String(size).padStart(9)} ${day} ${name}${target === undefined ? '' : ` -> ${target}`}`
}

const mkdir = overFiles('mkdir', async ({ machine }, path, flags) => machine.files.makeDirectory(path, flags.has('p')))

const rm = overFiles('rm', async ({ machine }, path, flags) => {
  const recursive = flags.has('r') || flags.has('R')
  if (flags.has('f') && !(await machine.files.exists(path))) return
  if (!recursive && (await machine.files.facts(path, false)).kind === 'directory') throw new FileError(isDirectory)
  await machine.files.remove(path, recursive)
})

const rmdir = overFiles('rmdir', async ({ machine }, path) => {
  if ((await machine.files.list(path)).length > 0) throw new FileError('Directory not empty')
  await machine.files.remove(path, true)
})

const touch = overFiles('touch', async ({ machine }, path) => machine.files.write(path, Buffer.alloc(0), { append: true }))

/** Modes and owners are accepted; in a simulated container nobody is kept out by them. */
const chmod = overFiles('chmod', async ({ machine }, path) => void (await machine.files.facts(path)), 1)
const chown = overFiles('chown', async ({ machine }, path) => void (await machine.files.facts(path)), 1)

/** A command that does one thing to each file it is given, and says of each why it could not. */
function overFiles(
  name: string,
  act: (context: CommandContext, path: string, flags: ReadonlySet<string>) => Promise<void>,
  skip = 0,
): ShellCommand {
  return async (context) => {
    const { flags, rest } = options(context.args)
    let code = 0
    for (const word of rest.slice(skip)) {
      try {
        await act(context, normalPath(context.cwd, word), flags)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        code = 1
        await context.stderr(`${name}: ${word}: ${error.message}\n`)
      }
    }
    return code
  }
}

const mv: ShellCommand = async ({ args, machine, cwd }) => {
  const { rest } = options(args)
  for (const { from, to } of await targets(rest, cwd, machine)) await machine.files.move(from, to)
  return 0
}

const cp: ShellCommand = async ({ args, machine, cwd }) => {
  const { flags, rest } = options(args)
  for (const { from, to } of await targets(rest, cwd, machine)) {
    await copy(machine, from, to, flags.has('r') || flags.has('R') || flags.has('a'))
  }
  return 0
}

async function copy(machine: CommandContext['machine'], from: string, to: string, recursive: boolean): Promise<void> {
  const facts = await machine.files.facts(from)
  if (facts.kind !== 'directory') return machine.files.write(to, await machine.files.read(from), { mode: facts.mode })
  if (!recursive) throw new FileError(`omitting directory '${from}'`)
  await machine.files.makeDirectory(to, true)
  for (const name of await machine.files.list(from)) await copy(machine, `${from}/${name}`, `${to}/${name}`, true)
}

async function targets(words: readonly string[], cwd: string, machine: CommandContext['machine']): Promise<{ from: string; to: string }[]> {
  const to = normalPath(cwd, words.at(-1) ?? '.')
  const into = (await machine.files.facts(to).catch(() => undefined))?.kind === 'directory'
  return words.slice(0, -1).map((word) => {
    const from = normalPath(cwd, word)
    return { from, to: into ? normalPath(to, from.split('/').at(-1) ?? '') : to }
  })
}

const ln: ShellCommand = async ({ args, machine, cwd }) => {
  const { flags, rest } = options(args)
  const [target = '', link = ''] = rest
  const path = normalPath(cwd, link)
  if (flags.has('s')) await machine.files.makeLink(path, target)
  else await machine.files.write(path, await machine.files.read(normalPath(cwd, target)))
  return 0
}

const find: ShellCommand = async ({ args, machine, cwd, stdout, signal }) => {
  const start = args.find((word) => !word.startsWith('-')) ?? '.'
  const type = args[args.indexOf('-type') + 1]
  const wanted = args.includes('-type') ? ({ f: 'file', d: 'directory', l: 'link' } as const)[type as 'f' | 'd' | 'l'] : undefined
  const walk = async (shown: string): Promise<void> => {
    if (signal.aborted) return
    const { kind } = await machine.files.facts(normalPath(cwd, shown), false)
    if (wanted === undefined || kind === wanted) await stdout(`${shown}\n`)
    if (kind === 'directory')
      for (const name of await machine.files.list(normalPath(cwd, shown))) await walk(`${shown.replace(/\/$/, '')}/${name}`)
  }
  await walk(start)
  return 0
}

const df: ShellCommand = async ({ stdout }) => {
  await stdout(
    'Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay                 65536      1024     64512   2% /\n',
  )
  return 0
}

export const fileCommands: Readonly<Record<string, ShellCommand>> = { chmod, chown, cp, df, find, ln, ls, mkdir, mv, rm, rmdir, touch }
