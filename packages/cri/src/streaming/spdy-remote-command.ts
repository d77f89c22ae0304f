import type { Duplex, Readable, Writable } from 'node:stream'
import { type CommandRunner, exitStatus, failureStatus, readSizes, type StreamFlags } from './remote-command.js'
import { SpdyConnection } from './spdy/spdy-connection.js'
import type { SpdyStream } from './spdy/spdy-stream.js'

/** Protocols for exec and attach over SPDY, the best first. */
export const remoteCommandProtocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io']

const creationTime = 30_000

/** Serves one exec or attach on an upgraded connection: waits for the client's streams, runs, and tells how it ended. */
export async function serveSpdyCommand(socket: Duplex, protocol: string, flags: StreamFlags, run: CommandRunner): Promise<void> {
  const streams = new Map<string, SpdyStream>()
  const wanted = wantedStreams(protocol, flags)
  const gone = new AbortController()
  let complete: () => void
  const all = new Promise<void>((resolve) => {
    complete = resolve
  })
  const connection = new SpdyConnection(socket, {
    role: 'server',
    opened(stream) {
      const type = stream.headers.get('streamtype') ?? ''
      if (!wanted.includes(type) || streams.has(type)) throw new Error(`unexpected stream type ${JSON.stringify(type)}`)
      streams.set(type, stream)
      if (streams.size === wanted.length) complete()
    },
  })
  connection.whenClosed().then(() => gone.abort())
  try {
    await withinTime(all, connection.whenClosed())
    await runOnStreams(streams, protocol, run, gone.signal)
  } finally {
    connection.close()
  }
}

function wantedStreams(protocol: string, { stdin, stdout, stderr, tty }: StreamFlags): string[] {
  const resizes = protocol.startsWith('v3') || hasStatus(protocol)
  return [
    'error',
    ...(stdin ? ['stdin'] : []),
    ...(stdout ? ['stdout'] : []),
    ...(stderr && !tty ? ['stderr'] : []),
    ...(tty && resizes ? ['resize'] : []),
  ]
}

function hasStatus(protocol: string): boolean {
  return protocol.startsWith('v4') || protocol.startsWith('v5')
}

async function runOnStreams(
  streams: ReadonlyMap<string, SpdyStream>,
  protocol: string,
  run: CommandRunner,
  signal: AbortSignal,
): Promise<void> {
  const [stdout, stderr, error] = [streams.get('stdout'), streams.get('stderr'), streams.get('error')]
  let told: string
  try {
    const code = await run({
      stdin: streams.get('stdin'),
      stdout,
      stderr,
      signal,
      onResize: (listener) => {
        const resize: Readable | undefined = streams.get('resize')
        if (resize !== undefined) readSizes(resize, listener)
      },
    })
    told = hasStatus(protocol) ? exitStatus(code) : code === 0 ? '' : `command terminated with exit code ${code}`
  } catch (failure) {
    told = hasStatus(protocol) ? failureStatus(failure) : failure instanceof Error ? failure.message : String(failure)
  }
  await Promise.all([stdout, stderr].map((stream) => ended(stream)))
  await ended(error, told)
}

/** Ends a stream after a last text and waits until all of it went out, or the stream broke. */
function ended(stream: Writable | undefined, text = ''): Promise<void> {
  return new Promise((resolve) => {
    if (stream === undefined || stream.destroyed) return resolve()
    stream.once('close', resolve)
    stream.end(text === '' ? undefined : text, () => resolve())
  })
}

/** Waits for the client to open its streams; throws when it takes too long or goes away. */
async function withinTime(all: Promise<void>, closed: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), creationTime)
  })
  const first = await Promise.race([all.then(() => 'all'), late, closed.then(() => 'closed')])
  clearTimeout(timer)
  if (first !== 'all') throw new Error('the client did not open its streams')
}
