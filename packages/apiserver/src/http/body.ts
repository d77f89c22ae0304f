import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { errors } from '@treeline/machinery'

/** Bytes that a request body may have. */
export const bodyLimit = 3 * 1024 * 1024

/** Reads a body whole. Throws StatusError 413 beyond `limit` bytes, and 400 when the peer goes away within it. */
export function collectBody(stream: Readable, headers: IncomingHttpHeaders, limit: number): Promise<Buffer> {
  if (Number(headers['content-length']) > limit) {
    // Read on and forget, so that the peer gets to see the answer.
    stream.resume()
    return Promise.reject(tooLarge(limit))
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    let settled = false
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) chunks.push(chunk)
      else if (!settled) {
        settled = true
        chunks.length = 0
        reject(tooLarge(limit))
      }
    })
    stream.once('end', () => {
      settled = true
      resolve(chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks, length))
    })
    stream.once('error', (cause) => reject(unexpectedEnd(cause)))
    stream.once('close', () => settled || reject(unexpectedEnd()))
  })
}

const empty = Buffer.alloc(0)

function tooLarge(limit: number): Error {
  return errors.requestEntityTooLarge(`limit is ${limit}`)
}

function unexpectedEnd(cause?: Error): Error {
  return errors.badRequest(`the request body ended early${cause ? `: ${cause.message}` : ''}`)
}
