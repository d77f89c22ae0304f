import { mkdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** What the cluster in a data directory says of itself over its control socket. */
export interface ClusterStatus {
  readonly pid: number
  readonly url: string
  readonly kubeconfig: string
  readonly startedAt: string
  readonly ready: boolean
}

export interface ControlHandlers {
  status(): ClusterStatus
  stop(): void
}

/** Where state lives when no `--data-dir` is given. */
export function defaultDataDirectory(): string {
  return process.env.TREELINE_DATA_DIR ?? join(homedir(), '.treeline')
}

/** Thrown when another process holds the directory. */
export class DirectoryHeldError extends Error {
  constructor(
    directory: string,
    readonly holder: ClusterStatus,
  ) {
    super(`${directory} is in use: a cluster runs from it as process ${holder.pid}, at ${holder.url}`)
  }
}

/**
 * Holds a data directory by listening on a socket inside it, which also answers `status` and `down`. A socket that a
 * killed process left behind answers nobody, and is taken over.
 */
export async function holdDirectory(directory: string, handlers: ControlHandlers): Promise<{ release(): Promise<void> }> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = controlSocket(directory)
  for (let attempt = 0; ; attempt++) {
    try {
      const server = await listen(path, handlers)
      return {
        release: () => new Promise((done) => server.close(() => done())),
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt > 2) throw error
      const holder = await askCluster(directory, 'status')
      if (holder) throw new DirectoryHeldError(directory, holder)
      await rm(path, { force: true })
    }
  }
}

/** Nobody listens, or whoever did has just ended. */
const nobodyThere = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])

/** Asks the cluster in a directory; undefined when none runs there. */
export function askCluster(directory: string, question: 'status' | 'stop'): Promise<ClusterStatus | undefined> {
  return new Promise((done, fail) => {
    const socket = connect(controlSocket(directory))
    let text = ''
    socket.setTimeout(10_000, () => socket.destroy(new Error(`the cluster in ${directory} does not answer`)))
    socket.on('connect', () => socket.end(`${question}\n`))
    socket.on('data', (data) => {
      text += data.toString()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => (nobodyThere.has(error.code ?? '') ? done(undefined) : fail(error)))
    socket.on('close', (hadError) => {
      if (!hadError) done(text === '' ? undefined : (JSON.parse(text) as ClusterStatus))
    })
  })
}

/** Resolves when no cluster answers any more; rejects after `deadline` milliseconds. */
export async function waitForEnd(directory: string, deadline: number): Promise<void> {
  const end = Date.now() + deadline
  while (await askCluster(directory, 'status')) {
    if (Date.now() > end) throw new Error(`the cluster in ${directory} is still running after ${deadline} ms`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

function listen(path: string, handlers: ControlHandlers): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = ''
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      text += data.toString()
      if (text.length > 64) socket.destroy()
    })
    socket.on('end', () => {
      socket.end(JSON.stringify(handlers.status()), () => {
        if (text.trim() === 'stop') handlers.stop()
      })
    })
  })
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(path, () => done(server))
  })
}

/** Paths of unix sockets are short; a long directory gets its socket by a relative path where that helps. */
function controlSocket(directory: string): string {
  const path = join(resolve(directory), 'control.sock')
  if (Buffer.byteLength(path) > 100) throw new Error(`the data directory's path is too long for a socket: ${directory}`)
  return path
}
