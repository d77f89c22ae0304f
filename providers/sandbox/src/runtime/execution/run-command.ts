import { normalPath } from '../files/file-tree.js'
import type { NodeState } from '../node-state.js'
import { allCommands } from '../shell/commands/all-commands.js'
import { Shell } from '../shell/shell.js'
import type { Sink, Source } from '../shell/streams.js'
import type { SimulatedContainer } from '../simulated-pod.js'
import { machineOf } from './machine.js'

export interface CommandStreams {
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  readonly signal: AbortSignal
  /** The streams are a terminal: shells show a prompt. */
  readonly terminal: boolean
}

/** Whether a command is one that a simulated container can carry out. */
export function isKnownCommand(argv: readonly string[]): boolean {
  return Object.hasOwn(allCommands, nameOf(argv))
}

/** Runs a command in a container and resolves with its exit code. Throws when there is no such program. */
export async function runCommand(
  state: NodeState,
  container: SimulatedContainer,
  argv: readonly string[],
  streams: CommandStreams,
): Promise<number> {
  const machine = machineOf(state, container)
  const { config } = container
  const [word = ''] = argv
  const cwd = config.workingDir || '/'
  if (!isKnownCommand(argv) && machine.ownProgram(nameOf(argv)) === undefined && !(await machine.files.exists(normalPath(cwd, word)))) {
    throw new Error(
      `exec failed: unable to start container process: exec: ${JSON.stringify(word)}: executable file not found in $PATH: unknown`,
    )
  }
  const environment = new Map([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOSTNAME', machine.hostname],
    ['HOME', '/root'],
    ...(streams.terminal ? ([['TERM', 'xterm']] as const) : []),
    ...config.envs.map(({ key, value }) => [key, value] as const),
  ])
  const shell = new Shell({ machine, environment, cwd, ...streams, name: 'sh', parameters: [], commands: allCommands })
  const interactive = streams.terminal && argv.length === 1 && /^(sh|ash|bash|dash)$/.test(nameOf(argv))
  return interactive ? shell.interact(() => `${shell.cwd} # `) : shell.program(argv)
}

function nameOf([word = '']: readonly string[]): string {
  return word.split('/').at(-1) ?? ''
}
