import type { ContainerFiles } from '../files/container-files.js'
import type { Endpoint } from '../network/address-book.js'
import type { Program } from '../programs/process.js'
import type { Sink, Source } from './streams.js'

/** The container as its commands see it. */
export interface Machine {
  readonly hostname: string
  readonly files: ContainerFiles
  /** Address of the pod. */
  readonly address: string
  readonly user: { readonly uid: number; readonly gid: number }
  /** Where a port really listens. */
  resolve(address: string, port: number): Endpoint
  /** Sends a signal to the main process, as `kill 1` does. */
  signalMain(kill: boolean): void
  /** The image's own program, if that is what a name stands for. */
  ownProgram(name: string): Program | undefined
}

/** Everything one command runs with. */
export interface CommandContext {
  readonly args: readonly string[]
  /** What children see of the environment. */
  readonly environment: ReadonlyMap<string, string>
  readonly cwd: string
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  readonly signal: AbortSignal
  readonly machine: Machine
  /** Runs another command in this one's place: for `env`, `timeout`, `sh` and their like. */
  run(
    argv: readonly string[],
    overrides?: Partial<Pick<CommandContext, 'environment' | 'stdin' | 'stdout' | 'stderr' | 'signal'>>,
  ): Promise<number>
  /** Runs a script in a new shell. */
  script(source: string, parameters: readonly string[], options?: { readonly interactive?: boolean }): Promise<number>
}

/** A built-in program: resolves with its exit code. */
export type ShellCommand = (context: CommandContext) => Promise<number>

/** Splits leading options off: single letters, possibly bundled, some with values. */
export function options(
  args: readonly string[],
  withValue = '',
): { flags: ReadonlySet<string>; values: ReadonlyMap<string, string>; rest: string[] } {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  let index = 0
  for (; index < args.length; index++) {
    const word = args[index] ?? ''
    if (word === '--') {
      index++
      break
    }
    if (!/^-[A-Za-z0-9]/.test(word)) break
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? ''
      if (withValue.includes(letter)) {
        const attached = word.slice(at + 1)
        values.set(letter, attached === '' ? (args[++index] ?? '') : attached)
        break
      }
      flags.add(letter)
    }
  }
  return { flags, values, rest: args.slice(index) }
}
