import { PassThrough, type Readable, Writable } from 'node:stream'
import { WebSocket } from 'ws'

/** How a channel protocol puts bytes into messages. */
export interface ChannelProtocol {
  readonly name: string
  readonly base64: boolean
  /** Clients close a channel by the message `{255, channel}`; servers never do. */
  readonly closesChannels: boolean
}

/** Sub-protocols of exec and attach, the best first. The nameless one is for clients that ask for none. */
export const channelProtocols: readonly ChannelProtocol[] = [
  { name: 'v5.channel.k8s.io', base64: false, closesChannels: true },
  { name: 'v4.channel.k8s.io', base64: false, closesChannels: false },
  { name: 'v4.base64.channel.k8s.io', base64: true, closesChannels: false },
  { name: 'channel.k8s.io', base64: false, closesChannels: false },
  { name: 'base64.channel.k8s.io', base64: true, closesChannels: false },
  { name: '', base64: false, closesChannels: false },
]

const closeMessage = 255

/**
 * Several byte streams over one WebSocket: each message begins with the number of its channel. A channel that nobody
 * reads holds the whole connection back.
 */
export class WebSocketChannels {
  readonly #readable = new Map<number, PassThrough>()
  #held = 0

  constructor(
    private readonly socket: WebSocket,
    private readonly protocol: ChannelProtocol,
  ) {
    socket.on('message', (data) => this.#received(data))
    socket.on('close', () => this.#end())
    socket.on('error', () => socket.terminate())
  }

  /** What comes in on a channel. To be asked for before the first message can arrive. */
  readable(channel: number): Readable {
    const stream = new PassThrough()
    this.#readable.set(channel, stream)
    return stream
  }

  /** What goes out on a channel. Ending it sends nothing: only the whole connection has an end. */
  writable(channel: number): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => this.#send(channel, chunk, done),
    })
  }

  /** Sends one message; an empty one announces the channel. */
  send(channel: number, data: Buffer | string): Promise<void> {
    return new Promise((resolve) => this.#send(channel, Buffer.from(data), () => resolve()))
  }

  close(): void {
    this.socket.close(1000)
  }

  #received(message: Buffer): void {
    const channel = this.protocol.base64 ? (message[0] ?? 0) - 0x30 : (message[0] ?? 0)
    if (this.protocol.closesChannels && channel === closeMessage) return void this.#readable.get(message[1] ?? 0)?.end()
    const stream = this.#readable.get(channel)
    if (stream === undefined || stream.writableEnded || message.length <= 1) return
    const data = this.protocol.base64 ? Buffer.from(message.toString('latin1', 1), 'base64') : message.subarray(1)
    if (stream.write(data)) return
    this.#held++
    this.socket.pause()
    stream.once('drain', () => {
      if (--this.#held === 0) this.socket.resume()
    })
  }

  #send(channel: number, data: Buffer, done: (error?: Error | null) => void): void {
    if (this.protocol.base64) this.#sendRaw(`${channel}${data.toString('base64')}`, done)
    else this.#sendRaw(Buffer.concat([Buffer.from([channel]), data]), done)
  }

  #sendRaw(message: Buffer | string, done: (error?: Error | null) => void): void {
    if (this.socket.readyState !== WebSocket.OPEN) {
      done()
      return
    }
    this.socket.send(message, (error) => done(error ?? null))
  }

  #end(): void {
    for (const stream of this.#readable.values()) stream.end()
  }
}
