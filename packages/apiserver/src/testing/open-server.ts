import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient, messagePortTransport, type Transport, tlsTransport } from '@treeline/client'
import { openMemoryStore } from '@treeline/storage'
import type { UserInfo } from '../authentication/authenticator.js'
import { openClusterPki } from '../pki/cluster-pki.js'
import { apiServerLeaf } from '../pki/leaf-requests.js'
import { type ApiServer, type ApiServerOptions, type ServerParts, startApiServer } from '../server.js'

/** A server on a memory store that lets everybody do everything, and the ways to it. */
export interface OpenServer {
  readonly server: ApiServer
  /** Through a message port. */
  readonly local: Transport
  /** Over TLS. */
  readonly remote: Transport
  readonly client: Client
  close(): Promise<void>
}

const everybody: UserInfo = { name: 'tester', groups: ['system:authenticated'] }

/** For tests: `parts` replaces what an open server would have. */
export async function openServer(parts: Partial<ServerParts> = {}, options: Partial<ApiServerOptions> = {}): Promise<OpenServer> {
  const directory = await mkdtemp(join(tmpdir(), 'treeline-apiserver-'))
  const pki = await openClusterPki({ directory })
  const leaf = await pki.leaf('apiserver', apiServerLeaf({ serviceAddress: '10.96.0.1', addresses: ['127.0.0.1'] }))
  const store = openMemoryStore()
  const server = await startApiServer({
    store,
    listen: { host: '127.0.0.1', port: 0, tls: { key: leaf.privateKey, cert: leaf.certificate } },
    ...options,
    parts: () => ({
      authenticator: { authenticate: async () => everybody },
      authorizer: { authorize: () => ({ decision: 'Allow', reason: '' }) },
      ...parts,
    }),
  })
  await server.ready
  const local = messagePortTransport(server.connectLocal(everybody))
  const remote = tlsTransport({ server: server.url, certificateAuthority: pki.authority.certificate })
  return {
    server,
    local,
    remote,
    client: createClient(local, { userAgent: 'tester' }),
    async close() {
      await Promise.all([local.close(), remote.close()])
      await server.close()
      await store.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** One request with a JSON body and its decoded answer. */
export async function ask(
  transport: Transport,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Readonly<Record<string, string>>; body: Record<string, unknown>; text: string }> {
  const answer = await transport.request({
    method,
    path,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = (await answer.bytes()).toString()
  return {
    status: answer.status,
    headers: answer.headers,
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
    text,
  }
}
