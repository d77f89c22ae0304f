import type { OutgoingHttpHeaders } from 'node:http'
import { gzip } from 'node:zlib'
import { encodeYaml, errors, StatusError } from '@treeline/machinery'
import type { Exchange } from './exchange.js'
import { type AnswerForm, negotiateLeniently } from './negotiation.js'

/** Headers that every answer carries. Callers add to the fresh object they get. */
export function answerHeaders(exchange: Exchange, contentType: string): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { 'audit-id': exchange.auditId, 'cache-control': 'no-cache, private', 'content-type': contentType }
  if (exchange.warnings.length > 0) headers.warning = warningHeaders(exchange.warnings) as unknown as string
  return headers
}

/** Answers with an object, encoded in the form chosen. */
export function answerObject(exchange: Exchange, status: number, object: object, form: AnswerForm): void {
  if (form.format === 'yaml') {
    exchange.responder.send(status, answerHeaders(exchange, 'application/yaml'), encodeYaml(object))
    return
  }
  answerJson(exchange, status, form.pretty ? Buffer.from(JSON.stringify(object, null, 2)) : Buffer.from(`${JSON.stringify(object)}\n`))
}

const newline = Buffer.from('\n')

/** Answers with an object that is encoded already: one line of compact JSON. */
export function answerEncoded(exchange: Exchange, status: number, bytes: Buffer, form: AnswerForm): void {
  if (form.format !== 'json' || form.pretty) answerObject(exchange, status, JSON.parse(bytes.toString()) as object, form)
  else answerJson(exchange, status, Buffer.concat([bytes, newline], bytes.length + 1))
}

/** Answers with the Status of a failure, whatever was thrown. */
export function answerError(exchange: Exchange, error: unknown): void {
  if (exchange.responder.started) return
  const failure = error instanceof StatusError ? error : errors.internal(error instanceof Error ? error : String(error))
  const form = negotiateLeniently(exchange)
  const retryAfter = failure.details?.retryAfterSeconds
  if (retryAfter === undefined) {
    answerObject(exchange, failure.code, failure.status, form)
    return
  }
  const yaml = form.format === 'yaml'
  const headers = answerHeaders(exchange, yaml ? 'application/yaml' : 'application/json')
  headers['retry-after'] = String(retryAfter)
  const text = yaml
    ? encodeYaml(failure.status)
    : form.pretty
      ? JSON.stringify(failure.status, null, 2)
      : `${JSON.stringify(failure.status)}\n`
  exchange.responder.send(failure.code, headers, text)
}

/** Answers in plain text, as the paths outside the API do. */
export function answerText(exchange: Exchange, status: number, text: string): void {
  const headers = answerHeaders(exchange, 'text/plain; charset=utf-8')
  headers['x-content-type-options'] = 'nosniff'
  exchange.responder.send(status, headers, text)
}

const compressFrom = 128 * 1024

function answerJson(exchange: Exchange, status: number, body: Buffer): void {
  const headers = answerHeaders(exchange, 'application/json')
  if (body.length < compressFrom || !acceptsGzip(exchange)) {
    exchange.responder.send(status, headers, body)
    return
  }
  headers['content-encoding'] = 'gzip'
  headers['vary'] = 'Accept-Encoding'
  gzip(body, { level: 1 }, (problem, compressed) => {
    if (problem) {
      headers['content-encoding'] = undefined
      exchange.responder.send(status, headers, body)
    } else exchange.responder.send(status, headers, compressed)
  })
}

/** Compression pays on a network; on loopback it only costs. */
export function acceptsGzip(exchange: Exchange): boolean {
  const { headers, remoteAddress } = exchange.request
  if (remoteAddress === undefined || remoteAddress.startsWith('127.') || remoteAddress === '::1' || remoteAddress.startsWith('::ffff:127.'))
    return false
  return String(headers['accept-encoding'] ?? '').includes('gzip')
}

const warningLength = 256
const warningsLength = 4096

/** RFC 7234 warn-values: code 299, agent `-`, quoted text. */
export function warningHeaders(texts: readonly string[]): string[] {
  const total = texts.reduce((sum, text) => sum + text.length, 0)
  const cut = total > warningsLength ? texts.map((text) => text.slice(0, warningLength)) : texts
  return cut.map((text) => `299 - "${escapeWarning(text)}"`)
}

function escapeWarning(text: string): string {
  let escaped = ''
  for (const char of text) {
    const code = char.charCodeAt(0)
    if (char === '"' || char === '\\') escaped += `\\${char}`
    else if (code < 0x20 || code === 0x7f) escaped += ' '
    else escaped += code > 0xff ? encodeLatin(char) : char
  }
  return escaped
}

/** Headers are bytes: a character beyond them travels as its UTF-8 bytes. */
function encodeLatin(char: string): string {
  return Buffer.from(char, 'utf8').toString('latin1')
}
