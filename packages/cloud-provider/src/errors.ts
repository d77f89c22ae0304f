export type CloudErrorKind =
  /** Refused for now: ask again after `retryAfter` milliseconds; the failure counter is neither raised nor reset. */
  | 'throttled'
  | 'retry-later'
  /** Somebody else does this; no status, no event, no retry. */
  | 'implemented-elsewhere'
  | 'not-found'
  | 'conflict'
  | 'unauthorized'
  | 'quota-exceeded'
  | 'invalid'
  /** The cloud failed or could not be reached. */
  | 'unavailable'

/** The one error family of providers. `cloudErrorKind` finds the kind through any chain of causes. */
export class CloudError extends Error {
  /** Milliseconds, for `throttled` and `retry-later`. */
  readonly retryAfter: number | undefined

  constructor(
    readonly kind: CloudErrorKind,
    message: string,
    options: { retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CloudError'
    this.retryAfter = options.retryAfter
  }
}

/** The CloudError in a chain of causes, however it was wrapped; at most 16 links deep. */
export function cloudErrorOf(error: unknown): CloudError | undefined {
  let current = error
  for (let depth = 0; depth < 16 && current instanceof Error; depth++) {
    if (current instanceof CloudError) return current
    current = current.cause
  }
  return undefined
}
