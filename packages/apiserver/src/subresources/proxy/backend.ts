import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'

/** A server behind this one. */
export interface Backend {
  readonly protocol: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly tls?: BackendTls
}

/** How a TLS backend is met. Without `ca` any certificate will do, as upstream meets kubelets and pods. */
export interface BackendTls {
  readonly cert?: string
  readonly key?: string
  readonly ca?: string
}

/** Milliseconds in which a backend must take a connection. */
export const dialTime = 30_000

/** Connections to backends, kept open between requests. */
export class Backends {
  private readonly plain = new HttpAgent({ keepAlive: true, maxFreeSockets: 64, timeout: 90_000 })
  private readonly secure = new HttpsAgent({ keepAlive: true, maxFreeSockets: 64, timeout: 90_000 })

  agentFor({ protocol }: Backend): HttpAgent {
    return protocol === 'https' ? this.secure : this.plain
  }

  close(): void {
    this.plain.destroy()
    this.secure.destroy()
  }
}

/** Options of a TLS connection to a backend. */
export function tlsOptions({ tls }: Backend): { cert?: string; key?: string; ca?: string; rejectUnauthorized: boolean } {
  return { ...tls, rejectUnauthorized: tls?.ca !== undefined }
}

/** Opens a connection of its own, for an upgrade. Rejects when it cannot be had in time, or `signal` aborts. */
export function dial(backend: Backend, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const { host, port, protocol } = backend
    const socket = protocol === 'https' ? connectTls({ host, port, ...tlsOptions(backend) }) : connectTcp({ host, port })
    const finish = (outcome: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.off('error', fail)
      outcome()
    }
    const fail = (error: Error) =>
      finish(() => {
        socket.destroy()
        reject(error)
      })
    const abort = () => fail(new Error('the request has ended'))
    const timer = setTimeout(() => fail(new Error(`dial tcp ${host}:${port}: i/o timeout`)), dialTime)
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once(protocol === 'https' ? 'secureConnect' : 'connect', () => finish(() => resolve(socket)))
    if (signal.aborted) abort()
  })
}

/** What Node says of a failed connection, in the words of upstream. */
export function dialProblem(error: unknown, { host, port }: Backend): string {
  const { code = '', message = '' } = error as NodeJS.ErrnoException
  const told: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connect: connection refused',
    EHOSTUNREACH: 'connect: no route to host',
    ENETUNREACH: 'connect: network is unreachable',
    ETIMEDOUT: 'i/o timeout',
    ECONNRESET: 'read: connection reset by peer',
  }
  return told[code] === undefined ? message : `dial tcp ${host}:${port}: ${told[code]}`
}
