import type { GroupResource } from '../object.js'
import { quote } from '../text/quote.js'
import { aggregateMessages, type FieldError, fieldErrorBody, formatFieldError } from './field-error.js'
import type { Status, StatusCause } from './status.js'
import { StatusError } from './status-error.js'

/** The failures of the API, one factory each, with upstream's code, reason, details and wording. */
export const errors = {
  notFound: (resource: GroupResource, name: string) =>
    about(404, 'NotFound', resource, name, `${resourceName(resource)} ${quote(name)} not found`),

  alreadyExists: (resource: GroupResource, name: string) =>
    about(409, 'AlreadyExists', resource, name, `${resourceName(resource)} ${quote(name)} already exists`),

  /** All generated names collided. */
  generateNameConflict: (resource: GroupResource, name: string, retryAfterSeconds = 1) =>
    about(
      409,
      'AlreadyExists',
      resource,
      name,
      `${resourceName(resource)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`,
      retryAfterSeconds,
    ),

  conflict: (resource: GroupResource, name: string, message: string = objectModified) =>
    about(409, 'Conflict', resource, name, `Operation cannot be fulfilled on ${resourceName(resource)} ${quote(name)}: ${message}`),

  /** Server-side apply met fields of other managers. */
  applyConflict: (causes: StatusCause[], message: string) =>
    new StatusError({ code: 409, reason: 'Conflict', message, details: { causes } }),

  invalid(kind: { readonly group: string; readonly kind: string }, name: string, fieldErrors: readonly FieldError[]): StatusError {
    const causes = fieldErrors.map((error) => ({ reason: error.type, message: fieldErrorBody(error), field: error.field }))
    const subject = `${resourceName({ group: kind.group, resource: kind.kind })} ${quote(name)} is invalid`
    const problems = aggregateMessages(fieldErrors.map(formatFieldError))
    return new StatusError({
      code: 422,
      reason: 'Invalid',
      message: problems === '' ? subject : `${subject}: ${problems}`,
      details: { group: kind.group, kind: kind.kind, name, causes },
    })
  },

  badRequest: (message: string) => plain(400, 'BadRequest', message),

  /** Without a resource name the sentence speaks of the request alone. */
  forbidden(resource: GroupResource, name: string, message: string): StatusError {
    const of = resourceName(resource)
    const subject = of === '' ? 'forbidden' : name === '' ? `${of} is forbidden` : `${of} ${quote(name)} is forbidden`
    return about(403, 'Forbidden', resource, name, `${subject}: ${message}`)
  },

  unauthorized: (message = 'Unauthorized') => plain(401, 'Unauthorized', message),

  methodNotAllowed: (resource: GroupResource, action: string) =>
    about(405, 'MethodNotAllowed', resource, '', `${action} is not supported on resources of kind ${quote(resourceName(resource))}`),

  notAcceptable: (accepted: readonly string[]) =>
    plain(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`),

  /** `target` is the kind asked for with `as=`, such as `meta.k8s.io/v1, Kind=Table`. */
  notAcceptableConversion: (target: string, accepted: readonly string[]) =>
    plain(406, 'NotAcceptable', `only the following media types are accepted when converting to ${target}: ${accepted.join(', ')}`),

  unsupportedMediaType: (accepted: readonly string[]) =>
    plain(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    ),

  requestEntityTooLarge: (message: string) => plain(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`),

  tooManyRequests: (message: string, retryAfterSeconds: number) =>
    new StatusError({ code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds } }),

  /** The request ran out of time; it may still complete. */
  timeout: (message: string, retryAfterSeconds = 0) =>
    new StatusError({ code: 504, reason: 'Timeout', message: `Timeout: ${message}`, details: { retryAfterSeconds } }),

  /** Something the server waits for did not answer in time. */
  serverTimeout: (resource: GroupResource, operation: string, retryAfterSeconds: number) =>
    about(
      500,
      'ServerTimeout',
      resource,
      operation,
      `The ${operation} operation against ${resourceName(resource)} could not be completed at this time, please try again.`,
      retryAfterSeconds,
    ),

  /** The resourceVersion asked for was compacted away. */
  expired: (message: string, metadata?: Status['metadata']) => new StatusError({ code: 410, reason: 'Expired', message, metadata }),

  resourceVersionTooLarge: (requested: number | bigint, current: number | bigint, retryAfterSeconds = 1) =>
    new StatusError({
      code: 504,
      reason: 'Timeout',
      message: `Timeout: Too large resource version: ${requested}, current: ${current}`,
      details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds },
    }),

  internal(problem: string | Error): StatusError {
    const message = typeof problem === 'string' ? problem : problem.message
    const cause = typeof problem === 'string' ? undefined : problem
    return new StatusError({
      code: 500,
      reason: 'InternalError',
      message: `Internal error occurred: ${message}`,
      details: { causes: [{ message }] },
      cause,
    })
  },

  serviceUnavailable: (message: string) => plain(503, 'ServiceUnavailable', message),

  /** An error without a typed Status: 500, a message, no reason. */
  untyped: (message: string, code = 500) => new StatusError({ code, message }),

  /** What a client makes of an answer that is no Status, and what the server says where upstream's does the same. */
  genericResponse,

  /** The error a Status tells of. */
  fromStatus: (status: Omit<Partial<Status>, 'details'> & { details?: Status['details'] | null }) =>
    new StatusError({
      code: status.code ?? 500,
      reason: status.reason,
      message: status.message ?? '',
      details: status.details ?? undefined,
      metadata: status.metadata,
    }),
} as const

const objectModified = 'the object has been modified; please apply your changes to the latest version and try again'

/** `resource` or `resource.group`. */
export function resourceName(resource: GroupResource): string {
  return resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`
}

function plain(code: number, reason: string, message: string): StatusError {
  return new StatusError({ code, reason, message })
}

function about(code: number, reason: string, of: GroupResource, name: string, message: string, retryAfterSeconds?: number): StatusError {
  return new StatusError({ code, reason, message, details: { name, group: of.group, kind: of.resource, retryAfterSeconds } })
}

const genericByCode: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['Conflict', 'the server reported a conflict'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'the server was unable to return a response in the time allotted, but may still be processing the request'],
}

/** Request a generic answer speaks of; everything may be empty. */
export interface GenericResponseSubject {
  readonly verb?: string
  readonly resource?: GroupResource
  readonly name?: string
  /** Body of the answer. */
  readonly serverMessage?: string
  readonly retryAfterSeconds?: number
  /** Keep the body as a cause of the Status. */
  readonly unexpected?: boolean
  /** What went wrong inside, for logs. */
  readonly cause?: unknown
}

function genericResponse(code: number, subject: GenericResponseSubject = {}): StatusError {
  const { verb = '', resource, name = '', serverMessage = '', retryAfterSeconds, unexpected, cause } = subject
  const [reason, said] = genericReason(code, verb, serverMessage)
  const of = resource ? resourceName(resource) : ''
  const suffix = of === '' ? '' : name === '' ? ` (${verb.toLowerCase()} ${of})` : ` (${verb.toLowerCase()} ${of} ${name})`
  return new StatusError({
    code,
    reason,
    message: said + suffix,
    details: {
      name,
      group: resource?.group,
      kind: resource?.resource,
      causes: unexpected ? [{ reason: 'UnexpectedServerResponse', message: serverMessage }] : [],
      retryAfterSeconds,
    },
    cause,
  })
}

function genericReason(code: number, verb: string, serverMessage: string): readonly [reason: string, message: string] {
  if (code === 409 && verb === 'POST') return ['AlreadyExists', 'the server reported a conflict']
  if (code === 403) return ['Forbidden', serverMessage]
  if (code === 415) return ['UnsupportedMediaType', serverMessage]
  if (code === 406) {
    const silent = serverMessage === '' || serverMessage === 'unknown'
    return ['NotAcceptable', silent ? 'the server was unable to respond with a content type that the client supports' : serverMessage]
  }
  const known = genericByCode[code]
  if (known) return known
  if (code >= 500) return ['InternalError', `an error on the server (${quote(serverMessage)}) has prevented the request from succeeding`]
  return ['', `the server responded with the status code ${code} but did not return more information`]
}
