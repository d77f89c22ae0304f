/** Where a port of a pod really listens. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/**
 * Tells where each port of each pod really is. On Linux a pod listens on its own loopback address and the answer is the
 * question. Elsewhere, or where the port needs privileges that this process lacks, the port was moved, and everyone who
 * dials pods in this process (probes, port-forwards, load balancers) asks here first.
 */
export class AddressBook {
  readonly #moved = new Map<string, Endpoint>()

  resolve(address: string, port: number): Endpoint {
    return this.#moved.get(`${address}:${port}`) ?? { host: address, port }
  }

  /** @internal Only the listener that moved a port writes here. */
  move(address: string, port: number, to: Endpoint): void {
    this.#moved.set(`${address}:${port}`, to)
  }

  /** @internal */
  forget(address: string, port: number): void {
    this.#moved.delete(`${address}:${port}`)
  }
}
