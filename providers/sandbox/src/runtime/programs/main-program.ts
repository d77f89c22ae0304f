import type { Behaviour } from '../behaviour.js'
import type { ImageProfile } from '../images/image-profiles.js'
import type { ContainerLog } from '../logs/container-log.js'
import type { Program } from './process.js'
import { pause } from './wait.js'

/** What the main process of a container is made from. */
export interface MainProgramSource {
  readonly profile: ImageProfile
  /** Command and arguments of the pod, expanded; empty when the image's own are used. */
  readonly argv: readonly string[]
  readonly behaviour: Behaviour
  readonly log: ContainerLog
  /** Says what the server listens on, for its first log line. */
  readonly ports: readonly number[]
  /** Runs a command line as the shell of the container; undefined when the shell does not know the command. */
  readonly command: (argv: readonly string[]) => Program | undefined
}

/**
 * Chooses the main program: what the annotations ask for, else the pod's command if the built-in shell knows it, else
 * what the image is. Undefined when a shell image is given a command that nobody knows, as a real one would not find it.
 */
export function mainProgram(source: MainProgramSource): Program | undefined {
  const { behaviour, profile, argv } = source
  const own = argv.length > 0 ? source.command(argv) : undefined
  if (behaviour.exitAfter !== undefined) return timed(own ?? server(source), behaviour)
  if (own !== undefined) return own
  if (argv.length > 0 && profile.kind === 'shell') return undefined
  if (profile.kind === 'shell') return source.command(['sh'])
  return profile.kind === 'task' ? task(source) : server(source)
}

function server({ behaviour, log, ports }: MainProgramSource): Program {
  return async (signal) => {
    log.write('stdout', ports.length > 0 ? `listening on ${ports.map((port) => `:${port}`).join(', ')}\n` : 'started\n')
    for (let line = 1; behaviour.logInterval > 0 && !signal.aborted; line++) {
      await pause(behaviour.logInterval, signal)
      if (!signal.aborted) log.write('stdout', `line ${line}\n`)
    }
    await pause(Number.POSITIVE_INFINITY, signal)
    log.write('stdout', 'stopping\n')
    return behaviour.exitCode ?? 0
  }
}

function task({ behaviour, log }: MainProgramSource): Program {
  return async () => {
    log.write('stdout', 'done\n')
    return behaviour.exitCode ?? 0
  }
}

/** Ends a program at the time the annotations say, with the code they say. */
function timed(program: Program, behaviour: Behaviour): Program {
  return async (signal) => {
    const inner = new AbortController()
    const stop = () => inner.abort()
    signal.addEventListener('abort', stop, { once: true })
    const running = program(inner.signal)
    await Promise.race([pause(behaviour.exitAfter ?? 0, signal), running])
    inner.abort()
    signal.removeEventListener('abort', stop)
    const code = await running
    return behaviour.exitCode ?? code
  }
}
