import { errors } from '@treeline/machinery'
import { answerError } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Stage } from '../pipeline.js'
import { isLongRunning } from '../request-info.js'

/** Gives every request that is not long-running until `limit` milliseconds, or the smaller `?timeout=`, to be answered. */
export function deadline(limit: number): Stage {
  return (exchange) => {
    const { info } = exchange
    if (isLongRunning(info)) return
    const allowed = info.query.includes('timeout=') ? allowedTime(exchange, limit) : limit
    exchange.deadline = exchange.received + allowed
    const timer = setTimeout(expire, allowed, exchange)
    timer.unref()
    exchange.timer = timer
  }
}

function expire(exchange: Exchange): void {
  const error = errors.timeout('request did not complete within the allotted timeout')
  answerError(exchange, error)
  exchange.abort(error)
}

function allowedTime(exchange: Exchange, limit: number): number {
  const text = exchange.query.get('timeout')
  if (text === null || text === '') return limit
  const asked = parseGoDuration(text)
  if (asked === undefined)
    throw errors.badRequest(`invalid timeout specified in the request URL: time: invalid duration ${JSON.stringify(text)}`)
  return asked <= 0 ? limit : Math.min(asked, limit)
}

const unitMilliseconds: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `1m30s` to milliseconds. */
function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^[-+]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  let total = 0
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g))
    total += Number(number) * (unitMilliseconds[unit ?? ''] ?? 0)
  return text.startsWith('-') ? -total : total
}
