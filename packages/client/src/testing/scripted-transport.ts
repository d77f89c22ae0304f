import type { Transport, TransportRequest, TransportResponse } from '../transport.js'

/** One answer of a scripted server. A body that is a list is a stream of chunks, ended when they are all sent. */
export interface ScriptedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string | AsyncIterable<string>
  /** Rejects instead of answering. */
  readonly error?: Error
}

/** A transport that answers from a function, and remembers what it was asked. */
export class ScriptedTransport implements Transport {
  readonly requests: TransportRequest[] = []

  constructor(private readonly answer: (request: TransportRequest, count: number) => ScriptedAnswer | Promise<ScriptedAnswer>) {}

  /** Requests as `METHOD /path`. */
  get asked(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`)
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    this.requests.push(request)
    const { status = 200, headers = {}, body = '', error } = await this.answer(request, this.requests.length)
    if (error) throw error
    const chunks = isStream(body) ? body : once(typeof body === 'string' ? body : JSON.stringify(body))
    async function* read(): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        if (request.signal?.aborted) return
        yield Buffer.from(chunk)
      }
    }
    return {
      status,
      headers,
      stream: read,
      bytes: async () => {
        const parts: Buffer[] = []
        for await (const part of read()) parts.push(part)
        return Buffer.concat(parts)
      },
    }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

function isStream(body: object | string): body is AsyncIterable<string> {
  return typeof body === 'object' && Symbol.asyncIterator in body
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}
