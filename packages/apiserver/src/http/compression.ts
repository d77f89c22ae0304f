import { createGzip } from 'node:zlib'
import type { ResponseStream } from './exchange.js'

/** The same stream with gzip at its fastest between. */
export function compressed(target: ResponseStream): ResponseStream {
  const gzip = createGzip({ level: 1 })
  gzip.on('data', (chunk: Buffer) => {
    if (target.write(chunk)) return
    gzip.pause()
    void target.drained().then(() => gzip.resume())
  })
  gzip.once('end', () => target.end())
  gzip.once('error', () => target.abort())
  return {
    write: (chunk) => gzip.write(chunk),
    get pending() {
      return gzip.writableLength + target.pending
    },
    drained: () => (target.closed || !gzip.writableNeedDrain ? target.drained() : new Promise((resolve) => gzip.once('drain', resolve))),
    end: () => gzip.end(),
    abort: () => target.abort(),
    get closed() {
      return target.closed
    },
  }
}
