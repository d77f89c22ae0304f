import type { Machine, ShellCommand } from './command.js'
import type { Sink, Source } from './streams.js'

/** What a shell is started with. */
export interface ShellOptions {
  readonly machine: Machine
  readonly environment: ReadonlyMap<string, string>
  readonly cwd: string
  readonly signal: AbortSignal
  readonly stdin: Source
  readonly stdout: Sink
  readonly stderr: Sink
  /** `$0` and the parameters. */
  readonly name: string
  readonly parameters: readonly string[]
  /** The programs there are. */
  readonly commands: Readonly<Record<string, ShellCommand>>
  /** Shells within shells. */
  readonly depth?: number
}
