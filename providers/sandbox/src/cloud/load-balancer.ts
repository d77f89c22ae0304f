import { BlockList, connect, createServer, isIP, type Server, type Socket } from 'node:net'
import { type HealthMonitor, monitorHealth } from './health.js'
import type { BackendRecord, LoadBalancerRecord } from './state.js'

const drainTimeout = 20_000
const connectTimeout = 2_000
/** Where ports below 1024 go when the user may not open them. */
const unprivilegedOffset = 8_000

/** A TCP load balancer that really listens and really forwards. */
export interface LiveLoadBalancer {
  /** Brings listeners, backends and health checks to what the record says; connections to kept backends live on. */
  apply(record: LoadBalancerRecord): Promise<void>
  /** Healthy backends, by instance name. */
  healthy(): string[]
  /** Stops listening at once, gives open connections time to end, then ends them. */
  drain(timeout?: number): Promise<void>
}

interface OpenListener {
  readonly server: Server
  readonly backendPort: number
}

/** `clock` in milliseconds decides nothing but the drain's end. */
export function liveLoadBalancer(address: string): LiveLoadBalancer {
  const listeners = new Map<number, OpenListener>()
  const connections = new Set<Socket>()
  let backends: readonly BackendRecord[] = []
  let health: HealthMonitor = monitorHealth([])
  let allowed: BlockList | undefined
  let turn = 0

  /** Backends in the order to be tried: the healthy in turn; all of them when none is, as real balancers do. */
  function candidates(): BackendRecord[] {
    const healthy = backends.filter((backend) => health.isHealthy(backend.instance))
    const pool = healthy.length > 0 ? healthy : backends
    const start = turn++ % Math.max(1, pool.length)
    return [...pool.slice(start), ...pool.slice(0, start)]
  }

  function accept(client: Socket, backendPort: number): void {
    if (allowed && !isAllowed(allowed, client.remoteAddress ?? '')) {
      client.destroy()
      return
    }
    connections.add(client)
    client.once('close', () => connections.delete(client))
    client.on('error', () => client.destroy())
    forward(client, backendPort, candidates())
  }

  async function open(port: number, backendPort: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) =>
      accept(client, listeners.get(port)?.backendPort ?? backendPort),
    )
    const actual = await listen(server, address, port)
    listeners.set(port, { server, backendPort })
    return actual
  }

  async function close(port: number): Promise<void> {
    const open = listeners.get(port)
    listeners.delete(port)
    // resolves only when connections have ended too, which is the drain's business
    open?.server.close()
  }

  return {
    async apply(record) {
      backends = record.backends
      allowed = allowList(record.sourceRanges)
      health.stop()
      health = monitorHealth(
        record.backends.map((backend) => ({
          instance: backend.instance,
          address: backend.address,
          check: record.healthCheck.type === 'http' ? record.healthCheck : { type: 'tcp', port: record.listeners[0]?.backendPort ?? 0 },
        })),
        health,
      )
      const wanted = new Set(record.listeners.map((listener) => listener.port))
      for (const port of [...listeners.keys()]) if (!wanted.has(port)) await close(port)
      for (const listener of record.listeners) {
        const existing = listeners.get(listener.port)
        if (existing) listeners.set(listener.port, { server: existing.server, backendPort: listener.backendPort })
        else listener.listenPort = await open(listener.port, listener.backendPort)
      }
    },
    healthy: () => backends.filter((backend) => health.isHealthy(backend.instance)).map((backend) => backend.instance),
    async drain(timeout = drainTimeout) {
      health.stop()
      for (const port of [...listeners.keys()]) await close(port)
      await new Promise<void>((resolve) => {
        if (connections.size === 0) {
          resolve()
          return
        }
        const end = setTimeout(() => {
          for (const connection of connections) connection.destroy()
        }, timeout)
        for (const connection of connections)
          connection.once('close', () => {
            if (connections.size > 0) return
            clearTimeout(end)
            resolve()
          })
      })
    },
  }
}

/** Tries each backend once, in order, and joins the first that answers to the client. */
function forward(client: Socket, port: number, order: readonly BackendRecord[]): void {
  const [backend, ...others] = order
  if (!backend) {
    client.destroy()
    return
  }
  const upstream = connect({ host: backend.address, port, allowHalfOpen: true })
  const timer = setTimeout(() => upstream.destroy(new Error('connect timed out')), connectTimeout)
  const next = (): void => {
    clearTimeout(timer)
    upstream.destroy()
    if (!client.destroyed) forward(client, port, others)
  }
  upstream.once('error', next)
  upstream.once('connect', () => {
    clearTimeout(timer)
    upstream.off('error', next)
    upstream.on('error', () => client.destroy())
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
    client.pipe(upstream)
    upstream.pipe(client)
  })
}

/** Listens on the port, or, where that takes privileges the user lacks, on a higher one. Resolves with the port taken. */
async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    return await listenOn(server, host, port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    return listenOn(server, host, port + unprivilegedOffset)
  }
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve(port)
    })
  })
}

function allowList(ranges: readonly string[]): BlockList | undefined {
  if (ranges.length === 0) return undefined
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

function isAllowed(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
