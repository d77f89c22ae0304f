import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { errors } from '@treeline/machinery'
import type { Exchange } from '../../http/exchange.js'
import { type Backend, dial, dialProblem, dialTime } from './backend.js'
import { forwardedUpgradeHeaders } from './forwarded-headers.js'

const longestHead = 64 * 1024

/**
 * Takes an upgrade request to a backend, and when that agrees, joins both connections byte for byte until one ends.
 * Throws StatusError while the caller can still be answered.
 */
export async function splice(exchange: Exchange, backend: Backend, path: string): Promise<void> {
  const { request, responder, signal } = exchange
  if (!responder.upgrade) throw errors.badRequest('this connection cannot be upgraded')
  const socket = await dialBackend(backend, signal)
  try {
    socket.write(requestHead(request.method, path, backend, forwardedUpgradeHeaders(exchange)))
    const { status, head, rest } = await readHead(socket, signal)
    if (status !== 101 && status < 400) throw errors.untyped(`invalid upgrade response: status code ${status}`)
    const caller = responder.upgrade()
    caller.socket.write(head)
    if (rest.length > 0) caller.socket.write(rest)
    if (caller.head.length > 0) socket.write(caller.head)
    await join(caller.socket, socket, status === 101)
  } finally {
    socket.destroy()
  }
}

async function dialBackend(backend: Backend, signal: AbortSignal): Promise<Duplex> {
  try {
    return await dial(backend, signal)
  } catch (error) {
    throw errors.untyped(`error dialing backend: ${dialProblem(error, backend)}`)
  }
}

/** Until one side ends. A refusal of the backend flows one way only, to its end. */
function join(caller: Duplex, backend: Duplex, bothWays: boolean): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      caller.destroy()
      backend.destroy()
      resolve()
    }
    for (const socket of [caller, backend]) socket.once('close', finish).on('error', finish)
    flow(backend, caller, finish)
    if (bothWays) flow(caller, backend, finish)
    else caller.resume()
  })
}

/** Passes on what comes; at its end, once the last byte is passed on, the connection is over. */
function flow(from: Duplex, to: Duplex, finish: () => void): void {
  from.pipe(to, { end: false })
  from.once('end', () => to.end(finish))
}

function requestHead(method: string, path: string, { host, port }: Backend, headers: OutgoingHttpHeaders): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host.includes(':') ? `[${host}]` : host}:${port}`]
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) lines.push(`${name}: ${withoutLineBreaks(String(one))}`)
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

// Node has checked what it parsed; this keeps the head whole whatever a header came from.
const withoutLineBreaks = (text: string): string => text.replace(/[\r\n]/g, ' ')

interface ResponseHead {
  readonly status: number
  readonly head: Buffer
  /** Bytes that came behind the head. */
  readonly rest: Buffer
}

/** Reads up to the blank line. Rejects with a StatusError when none comes in time. */
function readHead(socket: Duplex, signal: AbortSignal): Promise<ResponseHead> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const finish = (outcome: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.off('data', onData).off('end', onEnd).off('error', onError)
      outcome()
    }
    const fail = (problem: string) => finish(() => reject(errors.untyped(`error reading the backend's answer: ${problem}`)))
    const abort = () => fail('the request has ended')
    const onEnd = () => fail('unexpected EOF')
    const onError = (error: Error) => fail(error.message)
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (end < 0 && received.length > longestHead) return fail('its head is too long')
      if (end < 0) return
      socket.pause()
      const head = received.subarray(0, end + 4)
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1'))?.[1] ?? 0)
      if (STATUS_CODES[status] === undefined) return fail('it is no HTTP answer')
      finish(() => resolve({ status, head, rest: received.subarray(end + 4) }))
    }
    const timer = setTimeout(() => fail('it takes too long'), dialTime)
    signal.addEventListener('abort', abort, { once: true })
    socket.on('data', onData).once('end', onEnd).once('error', onError)
  })
}
