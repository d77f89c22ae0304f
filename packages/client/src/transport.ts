import type { Duplex } from 'node:stream'

/** How requests travel. Over TLS to any API server, or through a message port to the one in this process. */
export interface Transport {
  /** Resolves with the head of the answer; rejects when none could be had (connection, deadline, abort). */
  request(request: TransportRequest): Promise<TransportResponse>
  /** Opens an upgraded connection (exec, attach, port-forward); absent where it cannot travel. */
  upgrade?(request: TransportRequest & { protocols: readonly string[] }): Promise<{ socket: Duplex; protocol: string }>
  close(): Promise<void>
}

export interface TransportRequest {
  readonly method: string
  /** Path and query, starting with `/`. */
  readonly path: string
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly signal?: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole body; deadline applies. */
  bytes(): Promise<Buffer>
  /** The body as it arrives, for watches and logs. */
  stream(): AsyncIterable<Buffer>
}
