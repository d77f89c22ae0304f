import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Balancer } from './balancer.js'
import type { Endpoint } from './forwarding.js'

const connectTimeout = 2_000
const healthPort = 10_256

/** The listeners of one node: a TCP one per NodePort, an HTTP one per health-check port, and the proxy's own health. */
export interface NodeListeners {
  openPort(port: number, balancer: Balancer): void
  openHealthCheck(port: number, localEndpoints: () => number): void
  /** Stops listening; open connections go on. */
  closePort(port: number): void
  close(): Promise<void>
}

export function nodeListeners(nodeName: string, address: string, log: (message: string) => void): NodeListeners {
  const open = new Map<number, Server>()
  const connections = new Set<Socket>()

  function listen(server: Server, port: number): void {
    open.set(port, server)
    server.once('error', (error) => {
      open.delete(port)
      log(`node ${nodeName}: port ${port} is not served: ${error.message}`)
    })
    server.on('connection', (socket) => {
      connections.add(socket)
      socket.once('close', () => connections.delete(socket))
    })
    server.listen({ host: address, port, exclusive: true })
  }

  listen(
    createHttpServer((request, response) => {
      const known = request.url === '/healthz' || request.url === '/livez'
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' }).end(known ? '{"nodeEligible": true}' : '')
    }),
    healthPort,
  )

  return {
    openPort(port, balancer) {
      if (open.has(port)) return
      listen(
        createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
          client.on('error', () => client.destroy())
          const from = client.remoteAddress ?? ''
          join(client, balancer.order(nodeName, from, Date.now()), (endpoint) => balancer.connected(from, endpoint, Date.now()))
        }),
        port,
      )
    },
    openHealthCheck(port, localEndpoints) {
      if (open.has(port)) return
      listen(
        createHttpServer((_request, response) => {
          const count = localEndpoints()
          response.writeHead(count > 0 ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify({ localEndpoints: count }))
        }),
        port,
      )
    },
    closePort(port) {
      open.get(port)?.close()
      open.delete(port)
    },
    async close() {
      for (const server of open.values()) server.close()
      open.clear()
      for (const connection of connections) connection.destroy()
    },
  }
}

/** Joins the client to the first endpoint that answers. */
function join(client: Socket, order: readonly Endpoint[], connected: (endpoint: Endpoint) => void): void {
  const [endpoint, ...others] = order
  if (!endpoint) {
    client.resetAndDestroy()
    return
  }
  const upstream = connect({ host: endpoint.address, port: endpoint.port, allowHalfOpen: true })
  const timer = setTimeout(() => upstream.destroy(new Error('connect timed out')), connectTimeout)
  const next = (): void => {
    clearTimeout(timer)
    upstream.destroy()
    if (!client.destroyed) join(client, others, connected)
  }
  upstream.once('error', next)
  upstream.once('connect', () => {
    clearTimeout(timer)
    upstream.off('error', next)
    upstream.on('error', () => client.destroy())
    connected(endpoint)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
    client.pipe(upstream)
    upstream.pipe(client)
  })
}
