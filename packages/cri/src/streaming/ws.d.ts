// The part of the WebSocket library that is used here; it brings no types of its own.
declare module 'ws' {
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage } from 'node:http'
  import type { Duplex, DuplexOptions } from 'node:stream'

  export class WebSocket extends EventEmitter {
    readonly protocol: string
    readonly readyState: number
    readonly bufferedAmount: number
    static readonly OPEN: 1
    constructor(
      address: string | URL,
      protocols?: string | readonly string[],
      options?: { readonly perMessageDeflate?: boolean; readonly maxPayload?: number; readonly headers?: Readonly<Record<string, string>> },
    )
    send(data: Buffer | string, callback?: (error?: Error) => void): void
    send(data: Buffer | string, options: { readonly binary?: boolean }, callback?: (error?: Error) => void): void
    close(code?: number, reason?: string): void
    terminate(): void
    ping(): void
    pause(): void
    resume(): void
    on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this
    on(event: 'close' | 'open' | 'pong', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
  }

  export class WebSocketServer {
    constructor(options: {
      readonly noServer: true
      readonly perMessageDeflate?: boolean
      readonly maxPayload?: number
      readonly handleProtocols?: (offered: Set<string>, request: IncomingMessage) => string | false
    })
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: WebSocket) => void): void
    on(event: 'headers', listener: (lines: string[], request: IncomingMessage) => void): this
    close(): void
  }

  export function createWebSocketStream(socket: WebSocket, options?: DuplexOptions): Duplex
}
