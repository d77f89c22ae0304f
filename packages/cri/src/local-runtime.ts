import { setMaxListeners } from 'node:events'
import { ImageService, RuntimeService } from './generated/runtime/v1/services_pb.js'
import { localCalls } from './grpc/local.js'
import type { Runtime } from './runtime-client.js'
import type { RuntimeImplementation } from './runtime-server.js'

/**
 * A runtime of this thread, called without a socket: for node agents that live beside the runtime they drive, where a
 * thousand sockets and the encoding of every message would cost more than the containers. Closing it fails the calls
 * under way with UNAVAILABLE; the implementation itself stays.
 */
export function localRuntime(implementation: RuntimeImplementation): Runtime {
  const closed = new AbortController()
  // one listener for each call under way
  setMaxListeners(0, closed.signal)
  return {
    ...localCalls(RuntimeService, implementation, closed.signal),
    ...localCalls(ImageService, implementation, closed.signal),
    close: () => closed.abort(),
  }
}
