import type { Endpoint, PortForwarding } from './forwarding.js'

const rememberedClients = 10_000

/** Chooses endpoints of one NodePort. One balancer serves all nodes of a process, so that turns are fair over all of them. */
export class Balancer {
  #turn = 0
  readonly #clients = new Map<string, { endpoint: Endpoint; until: number }>()

  constructor(public forwarding: PortForwarding) {}

  /** Endpoints in the order to try them. */
  order(nodeName: string, client: string, now: number): Endpoint[] {
    const { endpoints, localOnly, affinity } = this.forwarding
    const pool = localOnly ? endpoints.filter((endpoint) => endpoint.nodeName === nodeName) : endpoints
    if (pool.length === 0) return []
    const known = affinity > 0 ? this.#clients.get(client) : undefined
    const kept =
      known && known.until > now
        ? pool.findIndex((endpoint) => endpoint.address === known.endpoint.address && endpoint.port === known.endpoint.port)
        : -1
    const start = kept >= 0 ? kept : this.#turn++ % pool.length
    return [...pool.slice(start), ...pool.slice(0, start)]
  }

  /** Remembers who got what, oldest clients first to be forgotten. */
  connected(client: string, endpoint: Endpoint, now: number): void {
    if (this.forwarding.affinity === 0) return
    this.#clients.delete(client)
    this.#clients.set(client, { endpoint, until: now + this.forwarding.affinity })
    if (this.#clients.size > rememberedClients) {
      const oldest = this.#clients.keys().next()
      if (!oldest.done) this.#clients.delete(oldest.value)
    }
  }
}
