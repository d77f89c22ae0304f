import { type Status, StatusError } from '@treeline/machinery'
import type { TransportResponse } from '../transport.js'

/** What a server without a Status in its body means by its code. */
const reasonOfCode: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** Longest piece of a body that is not a Status quoted in a message. */
const quotedLength = 2048

/** The error that an answer with a code of 400 and above stands for. */
export async function errorOfAnswer(response: TransportResponse): Promise<StatusError> {
  const text = (await response.bytes()).toString('utf8')
  const retryAfter = Number(response.headers['retry-after'])
  const status = statusIn(text)
  if (status) return errorOfStatus(status, response.status, retryAfter)
  return new StatusError({
    code: response.status,
    reason: reasonOfCode[response.status] ?? '',
    message: text.trim().slice(0, quotedLength) || `the server answered with code ${response.status}`,
    ...(retryAfter > 0 && { details: { retryAfterSeconds: retryAfter } }),
  })
}

/** The error that a Status stands for. */
export function errorOfStatus(status: Partial<Status>, code = 500, retryAfterSeconds?: number): StatusError {
  const details = status.details ?? (retryAfterSeconds ? {} : undefined)
  return new StatusError({
    code: status.code ?? code,
    reason: status.reason ?? '',
    message: status.message ?? '',
    metadata: status.metadata ?? {},
    ...(details && { details: { ...(retryAfterSeconds && { retryAfterSeconds }), ...details } }),
  })
}

/** The body as a failed Status, if it is one. */
function statusIn(text: string): Partial<Status> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    const value = JSON.parse(text) as { kind?: unknown }
    return value.kind === 'Status' ? (value as Partial<Status>) : undefined
  } catch {
    return undefined
  }
}
