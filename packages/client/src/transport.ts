import type { Duplex } from 'node:stream'

/** How requests travel. Over TLS to any API server, or through a message port to the one in this process. */
export interface Transport {
  /** Resolves with the head of the answer; rejects with a TransportError when none could be had (connection, deadline, abort). */
  request(request: TransportRequest): Promise<TransportResponse>
  /** Opens an upgraded connection (exec, attach, port-forward); absent where it cannot travel. */
  upgrade?(request: TransportRequest & { protocols: readonly string[] }): Promise<{ socket: Duplex; protocol: string }>
  /** Breaks off what is open. */
  close(): Promise<void>
}

export interface TransportRequest {
  readonly method: string
  /** Path and query, starting with `/`. */
  readonly path: string
  /** Lower-case names; a list is sent as several headers of one name. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: Uint8Array | string
  /** Milliseconds for the whole exchange, body included; absent for watches and logs. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole body; deadline applies. */
  bytes(): Promise<Buffer>
  /** The body as it arrives, for watches and logs. Leaving the loop cancels the rest. */
  stream(): AsyncIterable<Buffer>
}

export type TransportFailure = 'connection' | 'deadline' | 'aborted' | 'protocol' | 'closed'

/** No answer could be had. Whether the server acted on the request is unknown unless `unsent`. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  constructor(
    readonly failure: TransportFailure,
    message: string,
    options?: { readonly cause?: unknown; readonly unsent?: boolean },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.unsent = options?.unsent ?? false
  }
  /** The server has certainly not seen the request, so that it may be sent again. */
  readonly unsent: boolean
}
