import { ContainerEventType, ContainerState, CriError, criCodes } from '@treeline/cri'
import { machineOf } from '../execution/machine.js'
import { isKnownCommand, runCommand } from '../execution/run-command.js'
import { terminal } from '../execution/terminal.js'
import { profileOf } from '../images/image-profiles.js'
import { declaredPorts, openPorts } from '../network/container-ports.js'
import type { NodeState } from '../node-state.js'
import { mainProgram } from '../programs/main-program.js'
import { type ProcessExit, type Program, startProcess } from '../programs/process.js'
import { pause } from '../programs/wait.js'
import { emptySource, type Sink, sourceOf } from '../shell/streams.js'
import { nanoseconds, type SimulatedContainer } from '../simulated-pod.js'
import { announce } from '../statuses.js'

/** Starts the main process. Rejects, leaving the container exited with `StartError`, when there is none to start. */
export async function startContainer(state: NodeState, container: SimulatedContainer): Promise<void> {
  if (container.state !== ContainerState.CONTAINER_CREATED) {
    throw new CriError(criCodes.UNKNOWN, `container ${container.id} is not in created state`)
  }
  const { behaviour, config, log } = container
  const profile = profileOf(container.image.baseName)
  const argv = [...config.command, ...config.args]
  const ports = [...new Set([...declaredPorts(config), ...(argv.length === 0 || profile.kind === 'server' ? profile.ports : [])])]
  const program = mainProgram({ profile, argv, behaviour, log, ports, command: (words) => commandProgram(state, container, words) })
  const refusal =
    behaviour.startError ??
    (program === undefined ? `exec: ${JSON.stringify(argv[0] ?? '')}: executable file not found in $PATH: unknown` : undefined)
  if (refusal !== undefined || program === undefined) {
    ended(state, container, { code: 128, message: `failed to create containerd task: failed to start container: ${refusal}` }, 'StartError')
    throw new CriError(criCodes.UNKNOWN, container.message)
  }
  container.startedAt = nanoseconds()
  container.state = ContainerState.CONTAINER_RUNNING
  container.process = startProcess(program, behaviour)
  const running = container.process
  running.exited.then((exit) => ended(state, container, exit)).catch(state.report)
  announce(state, ContainerEventType.CONTAINER_STARTED_EVENT, container.id, container.sandbox)
  if (behaviour.startDelay === 0) await openPorts(state, container, ports)
  else {
    const gone = new AbortController()
    running.exited.then(() => gone.abort()).catch(state.report)
    pause(behaviour.startDelay, gone.signal)
      .then(() => openPorts(state, container, ports))
      .catch(state.report)
  }
}

/** A command of the pod as the main process: on the container's log, and on its standard input if it has one. */
function commandProgram(state: NodeState, container: SimulatedContainer, argv: readonly string[]): Program | undefined {
  if (!isKnownCommand(argv) && machineOf(state, container).ownProgram(argv[0]?.split('/').at(-1) ?? '') === undefined) return undefined
  const { log, input, config } = container
  return (signal) => {
    const stdout: Sink = async (data) => log.write('stdout', data)
    const stderr: Sink = async (data) => log.write('stderr', data)
    const typed = input?.stream
    if (!config.tty || typed === undefined) {
      const stdin = typed === undefined ? emptySource : sourceOf(typed)
      return runCommand(state, container, argv, { stdin, stdout, stderr, signal, terminal: false })
    }
    const screen = terminal(typed, stdout, () => undefined)
    return runCommand(state, container, argv, { stdin: screen.stdin, stdout: screen.stdout, stderr: screen.stdout, signal, terminal: true })
  }
}

/** Sends the stop signal, and the kill after `timeout` milliseconds. Resolves when the main process is gone and its log written. */
export async function stopContainer(container: SimulatedContainer, timeout: number): Promise<void> {
  const running = container.process
  if (container.state !== ContainerState.CONTAINER_RUNNING || running === undefined) return
  const gone = new AbortController()
  const exited = running.exited.then(() => gone.abort())
  if (timeout > 0) {
    running.stop()
    await Promise.race([exited, pause(timeout, gone.signal)])
  }
  if (!gone.signal.aborted) running.kill()
  await exited
  await container.log.finish()
}

/** Kills it if it runs, and forgets it. */
export async function removeContainer(state: NodeState, container: SimulatedContainer): Promise<void> {
  await stopContainer(container, 0)
  state.containers.delete(container.id)
  announce(state, ContainerEventType.CONTAINER_DELETED_EVENT, container.id, container.sandbox)
}

function ended(state: NodeState, container: SimulatedContainer, exit: ProcessExit, reason?: string): void {
  for (const listener of container.listeners.splice(0)) listener.close()
  container.process = undefined
  container.state = ContainerState.CONTAINER_EXITED
  container.finishedAt = nanoseconds()
  container.exitCode = exit.code
  container.reason = reason ?? (exit.code === 0 ? 'Completed' : 'Error')
  container.message = exit.message ?? ''
  container.log.finish().catch(state.report)
  announce(state, ContainerEventType.CONTAINER_STOPPED_EVENT, container.id, container.sandbox)
}
