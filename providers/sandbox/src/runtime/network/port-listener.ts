import { createServer, type Server, type Socket } from 'node:net'
import type { AddressBook, Endpoint } from './address-book.js'

export interface PortListener {
  /** Stops listening and ends every connection. */
  close(): void
}

/**
 * Listens on a port of a pod. Where the address does not exist (macOS has only 127.0.0.1; a pod CIDR outside 127.0.0.0/8)
 * or the port is privileged, it listens on a free port instead and notes that in the address book. Rejects when the
 * port is taken.
 */
export async function listenOnPodPort(
  book: AddressBook,
  address: string,
  port: number,
  connected: (socket: Socket) => void,
): Promise<PortListener> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    connected(socket)
  })
  let moved = false
  for (const place of places(address, port)) {
    try {
      const actual = await listen(server, place)
      moved = actual.host !== address || actual.port !== port
      if (moved) book.move(address, port, actual)
      return { close }
    } catch (error) {
      if (!movable.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  throw new Error(`no place to listen for ${address}:${port}`)

  function close(): void {
    if (moved) book.forget(address, port)
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}

const movable = new Set(['EACCES', 'EADDRNOTAVAIL', 'EPERM', 'EINVAL'])

function places(address: string, port: number): Endpoint[] {
  return [
    { host: address, port },
    { host: address, port: 0 },
    { host: '127.0.0.1', port: 0 },
  ]
}

function listen(server: Server, place: Endpoint): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: place.host, port: place.port, exclusive: true }, () => {
      server.removeListener('error', reject)
      const bound = server.address()
      resolve({ host: place.host, port: typeof bound === 'object' && bound ? bound.port : place.port })
    })
  })
}
