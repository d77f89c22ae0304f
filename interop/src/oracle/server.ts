import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { parse } from 'yaml'

/** How to reach a server: what a kubeconfig says. */
export interface Server {
  readonly url: URL
  readonly token?: string
  readonly agent: Agent
}

export interface RawAnswer {
  readonly code: number
  readonly type: string
  readonly warning?: string
  readonly text: string
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[]
  readonly users: readonly {
    readonly user: { readonly token?: string; readonly 'client-certificate-data'?: string; readonly 'client-key-data'?: string }
  }[]
}

export function serverOf(kubeconfig: string): Server {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig
  const { token, ...data } = config.users[0]?.user ?? {}
  const decoded = (text: string | undefined): Buffer | undefined => (text === undefined ? undefined : Buffer.from(text, 'base64'))
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 4,
    rejectUnauthorized: false,
    cert: decoded(data['client-certificate-data']),
    key: decoded(data['client-key-data']),
  })
  return { url: new URL(config.clusters[0]?.cluster.server ?? ''), agent, ...(token ? { token } : {}) }
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly type?: string
  readonly accept?: string
  readonly as?: string
  readonly watchMs?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends one request; a connection that fails is code 0. */
export function send(server: Server, { method, path, body, type, accept, as, watchMs, headers: more }: Request): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const headers: Record<string, string | number> = { accept: accept ?? 'application/json', 'user-agent': 'wire/1.0 (test)', ...more }
    if (server.token && !('authorization' in (more ?? {}))) headers['authorization'] = `Bearer ${server.token}`
    if (as) headers['impersonate-user'] = as
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    if (payload !== undefined) {
      headers['content-type'] = type ?? 'application/json'
      headers['content-length'] = Buffer.byteLength(payload)
    }
    const { hostname, port } = server.url
    const outgoing = request({ agent: server.agent, hostname, port, method, path, headers, timeout: 20_000 }, (response) => {
      const chunks: Buffer[] = []
      const finish = (): void => {
        clearTimeout(timer)
        const { 'content-type': contentType = '', warning } = response.headers
        resolve({
          code: response.statusCode ?? 0,
          type: contentType,
          text: Buffer.concat(chunks).toString(),
          ...(warning ? { warning: String(warning) } : {}),
        })
      }
      const timer = watchMs
        ? setTimeout(() => {
            finish()
            outgoing.destroy()
          }, watchMs)
        : undefined
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', finish)
      response.on('error', finish)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')))
    outgoing.on('error', (error) => resolve({ code: 0, type: '', text: error.message }))
    outgoing.end(payload)
  })
}
