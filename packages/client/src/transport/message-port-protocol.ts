/**
 * What travels over a message port between a client and the API server of the same process.
 *
 * A request is one message with its whole body. The answer is a `head`; either it carries the whole body, or `chunk`
 * messages follow until `end`. The server keeps at most {@link portWindow} bytes of chunks unacknowledged per request;
 * the client acknowledges what its reader has taken, so a slow reader stops the server and nobody else.
 * After `cancel` the server sends nothing more for that id; messages already under way are dropped by the client.
 */
export type PortClientMessage = PortRequest | PortAck | PortCancel | PortClose
export type PortServerMessage = PortHead | PortChunk | PortEnd | PortClose

export interface PortRequest {
  readonly type: 'request'
  /** Chosen by the client, rising, never used twice on one port. */
  readonly id: number
  readonly method: string
  /** Path and query, starting with `/`. */
  readonly path: string
  /** Lower-case names; a list stands for several headers of one name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body?: Uint8Array | string
}

/** The reader has taken `bytes` more of the chunks of this answer. */
export interface PortAck {
  readonly type: 'ack'
  readonly id: number
  readonly bytes: number
}

export interface PortCancel {
  readonly type: 'cancel'
  readonly id: number
}

export interface PortHead {
  readonly type: 'head'
  readonly id: number
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** The whole body; when present neither `chunk` nor `end` follows, and nothing is acknowledged. */
  readonly body?: Uint8Array | string
}

export interface PortChunk {
  readonly type: 'chunk'
  readonly id: number
  readonly bytes: Uint8Array
}

/** The answer is complete or, with `error`, broken off. */
export interface PortEnd {
  readonly type: 'end'
  readonly id: number
  readonly error?: string
}

/** Either side is going away: every open request of the port is over. */
export interface PortClose {
  readonly type: 'close'
}

/** Bytes of chunks one answer may have under way without acknowledgement. */
export const portWindow = 1 << 20
