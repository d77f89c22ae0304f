import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Where a cloud's addresses come from. Linux answers on all of 127.0.0.0/8, so that up to 15 clouds side by side each
 * take one /12 of it: 127.X.0.0/16 for the cloud and its load balancers, 127.X+1.0.0/16 for instances, and
 * 127.X+8.0.0/13 for pods. A slot is held by a listener, so that the kernel gives it back however the process ends.
 */
export interface AddressPlan {
  readonly slot: number
  readonly apiAddress: string
  readonly nodeCIDR: string
  readonly podCIDR: string
  instanceAddress(index: number): string
  loadBalancerAddress(index: number): string
  release(): Promise<void>
}

const slots = 15
const lockPort = 6999
const firstHost = 16
/** Milliseconds to wait for a range that another cluster holds. */
const patience = 10_000

/** Takes the preferred slot, or the next free one when `strict` is not set. Throws when none is free. */
export async function claimAddressPlan(preferred: number, strict: boolean): Promise<AddressPlan> {
  const candidates = strict ? [preferred] : Array.from({ length: slots }, (_, index) => ((preferred - 1 + index) % slots) + 1)
  // a cluster that lives in a range cannot move: whoever has it may be about to end
  const end = strict ? Date.now() + patience : 0
  do {
    for (const slot of candidates) {
      const lock = await tryListen(`127.${slot * 16}.0.1`)
      if (lock) return addressPlan(slot, lock)
    }
    if (strict) await sleep(200)
  } while (Date.now() < end)
  throw new Error(
    strict
      ? `the loopback range 127.${preferred * 16}.0.0/12 that this cluster lives in is held by another cluster; stop that one first`
      : `all ${slots} loopback ranges are held by other clusters; stop one of them first`,
  )
}

function addressPlan(slot: number, lock: Server): AddressPlan {
  const x = slot * 16
  const host = (second: number, index: number): string => {
    const number = firstHost + index
    if (number > 65_534) throw new Error(`no address left in 127.${second}.0.0/16`)
    return `127.${second}.${number >> 8}.${number & 255}`
  }
  return {
    slot,
    apiAddress: `127.${x}.0.1`,
    nodeCIDR: `127.${x + 1}.0.0/16`,
    podCIDR: `127.${x + 8}.0.0/13`,
    instanceAddress: (index) => host(x + 1, index),
    loadBalancerAddress: (index) => host(x, index),
    release: () => new Promise((resolve) => lock.close(() => resolve())),
  }
}

function tryListen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen({ host: address, port: lockPort, exclusive: true }, () => {
      server.unref()
      resolve(server)
    })
  })
}
