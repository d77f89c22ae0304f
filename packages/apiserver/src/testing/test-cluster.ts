import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messagePortTransport, type Transport } from '@treeline/client'
import { openMemoryStore } from '@treeline/storage'
import type { UserInfo } from '../authentication/authenticator.js'
import { type ClusterServer, type ClusterServerOptions, startClusterServer } from '../cluster/cluster-server.js'

/** An answer with its body decoded. */
export interface Answer {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  // Tests look into answers of every shape.
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever the server said
  readonly body: any
}

/** A whole API server over memory, for one test. */
export interface TestCluster {
  readonly server: ClusterServer
  readonly directory: string
  /** Sends a request as a user, by default one of `system:masters`. `target` is `METHOD /path`. */
  ask(target: string, body?: object | string, options?: { user?: UserInfo; contentType?: string }): Promise<Answer>
  close(): Promise<void>
}

export const master: UserInfo = { name: 'master', groups: ['system:masters', 'system:authenticated'] }

/** Starts one; it listens on a free port of loopback. Resolves when it is bootstrapped. */
export async function startTestCluster(options: Partial<ClusterServerOptions> = {}): Promise<TestCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'treeline-apiserver-'))
  const store = openMemoryStore()
  const server = await startClusterServer({
    store,
    directory,
    host: '127.0.0.1',
    port: 0,
    serviceCIDR: '10.96.0.0/24',
    issuer: 'https://kubernetes.default.svc',
    ...options,
  })
  await server.ready
  const transports = new Map<string, Transport>()
  const transportOf = (user: UserInfo): Transport => {
    const key = JSON.stringify(user)
    const transport = transports.get(key) ?? messagePortTransport(server.connectLocal(user))
    transports.set(key, transport)
    return transport
  }
  return {
    server,
    directory,
    async ask(target, body, { user = master, contentType = 'application/json' } = {}) {
      const [method = 'GET', path = '/'] = target.split(' ')
      const answer = await transportOf(user).request({
        method,
        path,
        headers: { accept: 'application/json', 'user-agent': 'test', ...(body === undefined ? {} : { 'content-type': contentType }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = (await answer.bytes()).toString()
      const json = (answer.headers['content-type'] ?? '').includes('json')
      return { code: answer.status, headers: answer.headers, body: json && text !== '' ? JSON.parse(text) : text }
    },
    async close() {
      for (const transport of transports.values()) await transport.close()
      await server.close()
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
