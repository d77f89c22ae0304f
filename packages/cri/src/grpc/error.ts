import { status } from '@grpc/grpc-js'

/** gRPC status codes by name, as CRI errors carry them. */
export const criCodes = status

/** A failed CRI call, on either side of the socket. */
export class CriError extends Error {
  override readonly name = 'CriError'
  constructor(
    /** gRPC status code. */
    readonly code: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** A failure in the words that Go's gRPC library prints, which is how users know it: `rpc error: code = NotFound desc = …`. */
export function rpcText(error: unknown): string {
  if (!(error instanceof CriError)) return error instanceof Error ? error.message : String(error)
  return `rpc error: code = ${codeNames[error.code] ?? `Code(${error.code})`} desc = ${error.message}`
}

const codeNames = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
]

/** Whether the runtime said that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof CriError && error.code === status.NOT_FOUND
}

/** Whether the runtime does not know this call at all. */
export function isUnimplemented(error: unknown): boolean {
  return error instanceof CriError && error.code === status.UNIMPLEMENTED
}

/** Any thrown value as a CriError; the gRPC library's errors keep their code and bare text. */
export function asCriError(error: unknown): CriError {
  if (error instanceof CriError) return error
  if (error instanceof Error) {
    const { code, details } = error as Error & { code?: unknown; details?: unknown }
    if (typeof code === 'number') return new CriError(code, typeof details === 'string' ? details : error.message, { cause: error })
    return new CriError(status.UNKNOWN, error.message, { cause: error })
  }
  return new CriError(status.UNKNOWN, String(error))
}
