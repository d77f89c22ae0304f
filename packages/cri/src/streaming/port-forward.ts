import type { Duplex } from 'node:stream'
import { Duplex as DuplexStream } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { WebSocket } from 'ws'
import { SpdyConnection } from './spdy/spdy-connection.js'
import type { SpdyStream } from './spdy/spdy-stream.js'
import { WebSocketChannels } from './websocket-channels.js'

export const portForwardProtocol = 'portforward.k8s.io'
/** The same inside a WebSocket: its messages carry the bytes of a SPDY connection. */
export const portForwardTunnel = 'SPDY/3.1+portforward.k8s.io'

/** Joins a client's stream with a port of a pod until both are done. Rejects, in words for the client, when that fails. */
export type PortForwarder = (port: number, stream: Duplex) => Promise<void>

interface Pair {
  port: number
  data: SpdyStream | undefined
  error: SpdyStream | undefined
}

const mostPending = 256

/** Serves port-forwards on an upgraded connection: each forwarded connection is a pair of streams with one request id. */
export async function serveSpdyPortForward(socket: Duplex, forward: PortForwarder): Promise<void> {
  const pairs = new Map<string, Pair>()
  const connection = new SpdyConnection(socket, {
    role: 'server',
    opened(stream) {
      const type = stream.headers.get('streamtype')
      const port = portOf(stream.headers.get('port'))
      const id = stream.headers.get('requestid') ?? String(type === 'data' ? stream.id - 2 : stream.id)
      const pair = pairs.get(id) ?? { port, data: undefined, error: undefined }
      if (type === 'data' && pair.data === undefined) pair.data = stream
      else if (type === 'error' && pair.error === undefined) pair.error = stream
      else throw new Error(`unexpected stream type ${JSON.stringify(type)}`)
      if (pair.data === undefined || pair.error === undefined) {
        if (pairs.size >= mostPending) throw new Error('too many unfinished requests')
        pairs.set(id, pair)
        return
      }
      pairs.delete(id)
      const { data, error } = pair
      error.resume()
      forward(port, data).then(
        () => error.end(),
        (failure: unknown) => {
          error.end(failure instanceof Error ? failure.message : String(failure))
          data.end()
          data.resume()
        },
      )
    },
  })
  await connection.whenClosed()
}

function portOf(text: string | undefined): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`invalid port ${JSON.stringify(text)}`)
  return port
}

/** Serves port-forwards on the channels of a WebSocket: two per port, data and error, each announced by the port. */
export async function serveWebSocketPortForward(socket: WebSocket, ports: readonly number[], forward: PortForwarder): Promise<void> {
  const channels = new WebSocketChannels(socket, {
    name: socket.protocol,
    base64: socket.protocol.includes('base64'),
    closesChannels: false,
  })
  const joined = ports.map((port, index) => {
    const data = DuplexStream.from({ readable: channels.readable(index * 2), writable: channels.writable(index * 2) })
    data.on('error', () => data.destroy())
    return { port, data, channel: index * 2 }
  })
  for (const { port, channel } of joined) {
    const announced = Buffer.alloc(2)
    announced.writeUInt16LE(port)
    await channels.send(channel, announced)
    await channels.send(channel + 1, announced)
  }
  await Promise.all(
    joined.map(({ port, data, channel }) =>
      forward(port, data).catch((failure: unknown) =>
        channels.send(channel + 1, failure instanceof Error ? failure.message : String(failure)),
      ),
    ),
  )
  channels.close()
}

/** Copies both ways until each side has said all it had to say. */
export async function join(near: Duplex, far: Duplex): Promise<void> {
  await Promise.all([pipeline(near, far, { end: true }), pipeline(far, near, { end: true })])
}
