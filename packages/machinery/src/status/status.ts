/** meta.v1 Status: the answer to everything that is not an object. */
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { continue?: string; resourceVersion?: string; remainingItemCount?: number }
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code: number
}

export interface StatusDetails {
  name?: string
  group?: string
  /** Plural resource name for storage errors, Kind for Invalid. */
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

/** Machine-readable reasons a server may give; other servers may give others. */
export type StatusReason =
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'StorageReadError'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable'

/** Details in the wire's key order, without the members that are empty there. */
export function statusDetails(details: StatusDetails): StatusDetails {
  return {
    ...(details.name && { name: details.name }),
    ...(details.group && { group: details.group }),
    ...(details.kind && { kind: details.kind }),
    ...(details.uid && { uid: details.uid }),
    ...(details.causes?.length && { causes: details.causes.map(statusCause) }),
    ...(details.retryAfterSeconds && { retryAfterSeconds: details.retryAfterSeconds }),
  }
}

function statusCause(cause: StatusCause): StatusCause {
  return {
    ...(cause.reason && { reason: cause.reason }),
    ...(cause.message && { message: cause.message }),
    ...(cause.field && { field: cause.field }),
  }
}
