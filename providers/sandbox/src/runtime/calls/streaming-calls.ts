import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ContainerState, CriError, criCodes, type RemoteCommand, type RuntimeImplementation } from '@treeline/cri'
import { runCommand } from '../execution/run-command.js'
import { sinkInto } from '../execution/sinks.js'
import { terminal } from '../execution/terminal.js'
import { containerOf, type NodeState, sandboxOf } from '../node-state.js'
import { emptySource, sourceOf } from '../shell/streams.js'
import type { SimulatedContainer, SimulatedSandbox } from '../simulated-pod.js'

type StreamingCalls = Pick<RuntimeImplementation, 'execSync' | 'exec' | 'attach' | 'portForward'>

const longestOutput = 16 * 1024 * 1024

export function streamingCalls(state: NodeState): StreamingCalls {
  return {
    async execSync({ containerId, cmd, timeout }, { signal }) {
      const container = running(state, containerId)
      const limit = new AbortController()
      const stop = () => limit.abort()
      signal.addEventListener('abort', stop, { once: true })
      const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
      let size = 0
      const collect = (stream: 'stdout' | 'stderr') => async (data: Buffer | string) => {
        size += data.length
        if (size <= longestOutput) output[stream].push(Buffer.from(data))
      }
      const finished = runCommand(state, container, cmd, {
        stdin: emptySource,
        stdout: collect('stdout'),
        stderr: collect('stderr'),
        signal: limit.signal,
        terminal: false,
      })
      const code = await withinSeconds(finished, Number(timeout), stop)
      if (code === undefined) throw new CriError(criCodes.DEADLINE_EXCEEDED, `failed to exec in container: timeout ${timeout}s exceeded`)
      return { stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr), exitCode: code }
    },

    async exec({ containerId, cmd, tty, stdin, stdout, stderr }) {
      const container = running(state, containerId)
      const server = await state.streaming()
      return { url: server.commandUrl('exec', { tty, stdin, stdout, stderr }, (command) => execute(state, container, cmd, tty, command)) }
    },

    async attach({ containerId, tty, stdin, stdout, stderr }) {
      const container = running(state, containerId)
      const server = await state.streaming()
      return { url: server.commandUrl('attach', { tty, stdin, stdout, stderr }, (command) => attach(container, command)) }
    },

    async portForward({ podSandboxId, port }) {
      const sandbox = sandboxOf(state, podSandboxId)
      const server = await state.streaming()
      return { url: server.portForwardUrl(port, (wanted, stream) => forward(state, sandbox, wanted, stream)) }
    },
  }
}

function running(state: NodeState, id: string): SimulatedContainer {
  const container = containerOf(state, id)
  if (container.state !== ContainerState.CONTAINER_RUNNING) throw new CriError(criCodes.UNKNOWN, `container ${container.id} is not running`)
  return container
}

/** Undefined when the time is over; zero seconds wait for ever. */
async function withinSeconds(finished: Promise<number>, seconds: number, stop: () => void): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    if (seconds > 0) timer = setTimeout(() => resolve(undefined), seconds * 1_000)
  })
  try {
    return await Promise.race([finished, late])
  } finally {
    clearTimeout(timer)
    stop()
    finished.catch(() => undefined)
  }
}

/** Runs until the command ends, its client goes, or its container does. */
async function execute(
  state: NodeState,
  container: SimulatedContainer,
  cmd: readonly string[],
  tty: boolean,
  command: RemoteCommand,
): Promise<number> {
  const limit = new AbortController()
  const stop = () => limit.abort()
  command.signal.addEventListener('abort', stop, { once: true })
  container.process?.exited.then(stop, stop)
  const stdout = sinkInto(command.stdout)
  if (!tty) {
    const stdin = command.stdin === undefined ? emptySource : sourceOf(command.stdin)
    return runCommand(state, container, cmd, { stdin, stdout, stderr: sinkInto(command.stderr), signal: limit.signal, terminal: false })
  }
  const screen = terminal(command.stdin ?? emptySource, stdout, stop)
  return runCommand(state, container, cmd, {
    stdin: screen.stdin,
    stdout: screen.stdout,
    stderr: screen.stdout,
    signal: limit.signal,
    terminal: true,
  })
}

/** Shows what the main process prints and feeds what the client types, until either is gone. */
async function attach(container: SimulatedContainer, { stdin, stdout, stderr, signal }: RemoteCommand): Promise<number> {
  const sinks = { stdout: sinkInto(stdout), stderr: sinkInto(stderr ?? stdout) }
  let written = Promise.resolve()
  const detach = container.log.attach((stream, chunk) => {
    written = written.then(() => sinks[stream](chunk))
  })
  if (stdin !== undefined) container.input?.feed(stdin).catch(() => undefined)
  const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  await Promise.race([container.process?.exited, gone])
  detach()
  await written
  return 0
}

async function forward(state: NodeState, sandbox: SimulatedSandbox, port: number, stream: Duplex): Promise<void> {
  const place = state.addressBook.resolve(sandbox.address || state.nodeAddress, port)
  const socket = connect({ host: place.host, port: place.port, allowHalfOpen: true })
  await connected(socket, port, sandbox)
  await new Promise<void>((resolve) => {
    stream.pipe(socket).pipe(stream)
    const done = () => {
      socket.destroy()
      resolve()
    }
    socket.on('close', done)
    socket.on('error', () => stream.end())
    stream.on('close', done)
    stream.on('error', done)
  })
}

function connected(socket: Socket, port: number, sandbox: SimulatedSandbox): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message
      reject(
        new Error(
          `error forwarding port ${port} to pod ${sandbox.id}, uid : failed to execute portforward in network namespace "host": failed to connect to localhost:${port} inside namespace "${sandbox.id}", IPv4: dial tcp4 127.0.0.1:${port}: ${why}`,
        ),
      )
    })
  })
}
