/**
 * What travels over a MessagePort between a component and the API server of its process: requests and answers as on the
 * wire, without HTTP framing. A port carries one identity; ids are chosen by the client and never used twice.
 *
 * Bodies are exact, transferred Uint8Arrays (a view on a larger buffer would be cloned whole). A stream's sender stops
 * when `streamWindow` bytes are not acknowledged; the receiver acknowledges what its consumer has taken.
 */
export type ClientMessage =
  | {
      readonly type: 'request'
      readonly id: number
      readonly method: string
      /** Path and query, starting with `/`. */
      readonly path: string
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>
      readonly body?: Uint8Array
    }
  /** The client wants no more of this answer. */
  | { readonly type: 'cancel'; readonly id: number }
  /** The consumer has taken `bytes` more of the body. */
  | { readonly type: 'ack'; readonly id: number; readonly bytes: number }

export type ServerMessage =
  /** The head. `body` is the whole body and nothing follows; without it chunks and an `end` follow. */
  | {
      readonly type: 'response'
      readonly id: number
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body?: Uint8Array
    }
  | { readonly type: 'chunk'; readonly id: number; readonly data: Uint8Array }
  /** The body is complete, or was broken off. */
  | { readonly type: 'end'; readonly id: number; readonly broken?: true }

/** Bytes of a streamed body that may be under way without an acknowledgement. */
export const streamWindow = 1024 * 1024
