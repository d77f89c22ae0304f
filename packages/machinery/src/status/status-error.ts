import { type Status, type StatusCause, type StatusDetails, type StatusReason, statusDetails } from './status.js'

/** What a StatusError is made from; `reason` is absent for errors without a typed Status. */
export interface StatusErrorOptions {
  readonly code: number
  readonly reason?: string
  readonly message: string
  readonly details?: StatusDetails
  readonly metadata?: Status['metadata']
  readonly cause?: unknown
}

/** A failure as the API server tells it, on both sides of the wire. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  /** HTTP status code. */
  readonly code: number
  /** Machine-readable reason; empty when the server gave none. */
  readonly reason: string
  readonly details?: StatusDetails
  /** The Status object of the wire. */
  readonly status: Status

  constructor(options: StatusErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    const { code, reason = '', message, details, metadata = {} } = options
    this.code = code
    this.reason = reason
    if (details) this.details = statusDetails(details)
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      ...(message && { message }),
      ...(reason && { reason }),
      ...(this.details && { details: this.details }),
      code,
    }
  }
}

/** Narrows to a StatusError, of one of the given reasons if there are any. */
export function isStatusError(error: unknown, ...reasons: StatusReason[]): error is StatusError {
  return error instanceof StatusError && (reasons.length === 0 || (reasons as string[]).includes(error.reason))
}

export const isNotFound = (error: unknown): error is StatusError => isStatusError(error, 'NotFound')
export const isAlreadyExists = (error: unknown): error is StatusError => isStatusError(error, 'AlreadyExists')
export const isConflict = (error: unknown): error is StatusError => isStatusError(error, 'Conflict')
export const isInvalid = (error: unknown): error is StatusError => isStatusError(error, 'Invalid')
export const isForbidden = (error: unknown): error is StatusError => isStatusError(error, 'Forbidden')
/** History is gone: list again. */
export const isExpired = (error: unknown): error is StatusError => isStatusError(error, 'Expired', 'Gone')

/** The cause of the given reason in the details of a StatusError, such as `DisruptionBudget` or `NamespaceTerminating`. */
export function statusCauseOf(error: unknown, reason: string): StatusCause | undefined {
  return error instanceof StatusError ? error.details?.causes?.find((cause) => cause.reason === reason) : undefined
}
