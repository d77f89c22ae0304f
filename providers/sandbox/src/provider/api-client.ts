import { Agent, request } from 'node:http'
import { CloudError, type CloudErrorKind } from '@treeline/cloud-provider'

/** Calls of the cloud's HTTP API. Every call has a deadline and is cancellable; failures are CloudErrors. */
export interface ApiClient {
  get<T>(path: string, signal: AbortSignal): Promise<T>
  /** All pages of a list. */
  list<T>(path: string, signal: AbortSignal): Promise<T[]>
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: object | undefined, signal: AbortSignal): Promise<T>
  close(): void
}

export interface ApiConfig {
  readonly endpoint: string
  readonly token: string
}

const deadline = 30_000
const largestAnswer = 64 * 1024 * 1024

/** Reads `--cloud-config`: a JSON object with endpoint and token. */
export function parseConfig(text: string | undefined): ApiConfig {
  if (text === undefined) throw new Error('--cloud-config is needed: a JSON object with "endpoint" and "token"')
  const value: unknown = JSON.parse(text)
  const { endpoint, token, ...others } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) throw new Error('cloud config: "endpoint" must be a URL')
  if (typeof token !== 'string' || token === '') throw new Error('cloud config: "token" must be a text')
  const unknown = Object.keys(others)
  if (unknown.length > 0) throw new Error(`cloud config: unknown field ${unknown.map((name) => `"${name}"`).join(', ')}`)
  return { endpoint, token }
}

export function apiClient({ endpoint, token }: ApiConfig): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })

  function call<T>(method: string, path: string, body: object | undefined, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body)
      const headers = {
        authorization: `Bearer ${token}`,
        ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
      }
      const fail = (error: Error): void => reject(new CloudError('unavailable', `${method} ${path}: ${error.message}`, { cause: error }))
      const outgoing = request(
        `${endpoint}${path}`,
        { method, agent, headers, signal: AbortSignal.any([signal, AbortSignal.timeout(deadline)]) },
        (response) => {
          const chunks: Buffer[] = []
          let size = 0
          response.on('data', (chunk: Buffer) => {
            size += chunk.length
            if (size > largestAnswer) response.destroy(new Error('the answer is too large'))
            else chunks.push(chunk)
          })
          response.once('error', fail)
          response.once('end', () => {
            try {
              resolve(decode<T>(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'), response.headers['retry-after']))
            } catch (error) {
              reject(error)
            }
          })
        },
      )
      outgoing.once('error', fail)
      outgoing.end(payload)
    })
  }

  return {
    get: (path, signal) => call('GET', path, undefined, signal),
    async list<T>(path: string, signal: AbortSignal) {
      const items: T[] = []
      let next: string | undefined = '0'
      while (next !== undefined) {
        const answer: { items: T[]; next?: string } = await call(
          'GET',
          `${path}${path.includes('?') ? '&' : '?'}page=${next}`,
          undefined,
          signal,
        )
        items.push(...answer.items)
        next = answer.next
      }
      return items
    },
    send: call,
    close: () => agent.destroy(),
  }
}

const kinds: Readonly<Record<number, CloudErrorKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  404: 'not-found',
  409: 'conflict',
  413: 'invalid',
  429: 'throttled',
}

function decode<T>(status: number, text: string, retryAfter: string | undefined): T {
  if (status >= 200 && status < 300) return (text === '' ? undefined : JSON.parse(text)) as T
  let message = text
  try {
    message = (JSON.parse(text) as { message?: string }).message ?? text
  } catch {
    // not every proxy in between answers JSON; its text is the message then
  }
  const seconds = Number(retryAfter)
  throw new CloudError(
    kinds[status] ?? 'unavailable',
    message,
    retryAfter !== undefined && seconds > 0 ? { retryAfter: seconds * 1000 } : {},
  )
}
