import type { KubernetesObject, Status } from '@treeline/machinery'
import type { WatchEvent } from '../client.js'
import { TransportError } from '../transport.js'
import { errorOfStatus } from './answer-errors.js'

/** Largest event taken, in bytes. */
const largestEvent = 64 << 20
const newline = 0x0a
const initialEventsEnd = 'k8s.io/initial-events-end'

/** Decodes a JSON watch body (one event a line). Throws StatusError on an ERROR event. */
export async function* decodeWatch<T extends KubernetesObject>(body: AsyncIterable<Buffer>): AsyncGenerator<WatchEvent<T>> {
  for await (const line of lines(body)) yield decodeEvent<T>(line)
}

async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer[] = []
  let kept = 0
  for await (const chunk of body) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const piece = chunk.subarray(start, end)
      const line = rest.length === 0 ? piece : Buffer.concat([...rest, piece])
      rest = []
      kept = 0
      start = end + 1
      if (line.length > 0) yield line.toString('utf8')
    }
    if (start === chunk.length) continue
    rest.push(chunk.subarray(start))
    kept += chunk.length - start
    if (kept > largestEvent) throw new TransportError('protocol', `a watch event is larger than ${largestEvent} bytes`)
  }
}

function decodeEvent<T extends KubernetesObject>(line: string): WatchEvent<T> {
  const event = parse(line)
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object as T }
    case 'BOOKMARK': {
      const { resourceVersion = '', annotations } = (event.object as KubernetesObject).metadata
      return { type: 'BOOKMARK', resourceVersion, initialEventsEnd: annotations?.[initialEventsEnd] === 'true' }
    }
    case 'ERROR':
      throw errorOfStatus(event.object as Partial<Status>)
    default:
      throw new TransportError('protocol', `unknown watch event type ${JSON.stringify(event.type)}`)
  }
}

function parse(line: string): { type?: unknown; object?: unknown } {
  try {
    return JSON.parse(line) as { type?: unknown; object?: unknown }
  } catch (cause) {
    throw new TransportError('protocol', 'a watch event is not JSON', { cause })
  }
}
