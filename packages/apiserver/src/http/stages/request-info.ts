import { errors } from '@treeline/machinery'
import type { Exchange } from '../exchange.js'
import { parseRequestInfo } from '../request-info.js'

/** Finds out what the request is about. Throws StatusError 400 on a path that cannot be decoded. */
export function requestInfo(exchange: Exchange): void {
  const { method, target } = exchange.request
  if (!target.startsWith('/')) throw errors.badRequest(`the request target must be a path, not ${JSON.stringify(target.slice(0, 100))}`)
  exchange.info = parseRequestInfo(method, target)
}
