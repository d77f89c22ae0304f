import type { Sink, Source } from './streams.js'

/** What a command of the shell itself can do to it. */
export interface ShellState {
  readonly variables: {
    set(name: string, value: string | undefined, exported: boolean): void
    unset(name: string): void
  }
  cd(path: string, streams: CommandStreams): Promise<number>
  /** Ends what it names; never returns. */
  leave(what: 'exit' | 'break' | 'continue' | 'return', code: string | undefined): never
  exec(argv: readonly string[], streams: CommandStreams): Promise<number>
  set(args: readonly string[]): number
  shift(count: number): number
  wait(): Promise<number>
  source(path: string, streams: CommandStreams): Promise<number>
  evaluate(text: string, streams: CommandStreams): Promise<number>
  read(names: readonly string[], streams: CommandStreams): Promise<number>
  known(name: string): boolean
}

export interface CommandStreams {
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
}

type Builtin = (shell: ShellState, args: readonly string[], streams: CommandStreams) => Promise<number>

/** Commands that only the shell itself can carry out. */
export const builtins: Readonly<Record<string, Builtin>> = {
  ':': async () => 0,
  '.': async (shell, [path = ''], streams) => shell.source(path, streams),
  break: async (shell, [levels]) => shell.leave('break', levels),
  cd: async (shell, [path = '/root'], streams) => shell.cd(path, streams),
  command: async (shell, args, streams) => {
    const [flag, ...names] = args
    if (flag !== '-v') return shell.exec(args, streams)
    for (const name of names) if (!shell.known(name)) return 1
    await streams.stdout(names.map((name) => `${name}\n`).join(''))
    return 0
  },
  continue: async (shell, [levels]) => shell.leave('continue', levels),
  eval: async (shell, args, streams) => shell.evaluate(args.join(' '), streams),
  exec: async (shell, args, streams) => shell.exec(args, streams),
  exit: async (shell, [code]) => shell.leave('exit', code),
  export: async (shell, args) => declare(shell, args, true),
  local: async (shell, args) => declare(shell, args, false),
  read: async (shell, args, streams) =>
    shell.read(
      args.filter((word) => !word.startsWith('-')),
      streams,
    ),
  return: async (shell, [code]) => shell.leave('return', code),
  set: async (shell, args) => shell.set(args),
  shift: async (shell, [count = '1']) => shell.shift(Number(count) || 1),
  source: async (shell, [path = ''], streams) => shell.source(path, streams),
  trap: async () => 0,
  umask: async () => 0,
  unset: async (shell, args) => {
    for (const name of args) shell.variables.unset(name)
    return 0
  },
  wait: async (shell) => shell.wait(),
}

function declare(shell: ShellState, args: readonly string[], exported: boolean): number {
  for (const word of args) {
    const [name = '', ...value] = word.split('=')
    shell.variables.set(name, word.includes('=') ? value.join('=') : undefined, exported)
  }
  return 0
}
