import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { TransportError } from '../transport.js'
import type { ConnectionConfig } from './connection-config.js'

/** Opens a connection that is ready to be written to; `protocols` are offered by ALPN, most wanted first. */
export type Dial = (protocols: readonly string[]) => Promise<{ readonly socket: Socket; readonly protocol: string }>

/** Opens connections to the server of a config, each within `timeout` milliseconds. */
export function connector(config: ConnectionConfig, url: URL, timeout: number): Dial {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  return async (protocols) => {
    if (!secure) return { socket: await connected(connectTcp({ host, port, noDelay: true }), 'connect', timeout), protocol: 'http/1.1' }
    const own = await config.credentials?.clientCertificate?.()
    const serverName = config.tlsServerName ?? host
    const options: ConnectionOptions = {
      host,
      port,
      ALPNProtocols: [...protocols],
      minVersion: 'TLSv1.2',
      rejectUnauthorized: !config.insecureSkipTlsVerify,
      ...(config.certificateAuthority && { ca: config.certificateAuthority }),
      ...(isIP(serverName) === 0 && { servername: serverName }),
      ...(own && { cert: own.certificate, key: own.key }),
    }
    const socket = await connected(connectTls(options), 'secureConnect', timeout)
    socket.setNoDelay(true)
    return { socket, protocol: socket.alpnProtocol || 'http/1.1' }
  }
}

function connected<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', timeout: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => {
      socket.destroy()
      reject(new TransportError('connection', `cannot connect to the API server: ${cause.message}`, { cause, unsent: true }))
    }
    const late = () => failed(new Error(`no connection within ${timeout} ms`))
    socket.setTimeout(timeout, late)
    socket.once('error', failed)
    socket.once(event, () => {
      socket.setTimeout(0)
      socket.off('timeout', late)
      socket.off('error', failed)
      resolve(socket)
    })
  })
}
