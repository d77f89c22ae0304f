import type { Writable } from 'node:stream'
import type { Sink } from '../shell/streams.js'

/** A sink into a stream, with its backpressure. A stream that is gone swallows. */
export function sinkInto(stream: Writable | undefined): Sink {
  return (data) =>
    new Promise((resolve) => {
      if (stream === undefined || stream.destroyed || stream.writableEnded) return resolve()
      if (stream.write(data)) return resolve()
      const done = () => {
        stream.removeListener('drain', done)
        stream.removeListener('close', done)
        resolve()
      }
      stream.once('drain', done)
      stream.once('close', done)
    })
}
