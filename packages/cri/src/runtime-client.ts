import { Client, type ClientOptions, credentials } from '@grpc/grpc-js'
import { ImageService, RuntimeService } from './generated/runtime/v1/services_pb.js'
import type { ServiceCalls } from './grpc/calls.js'
import { serviceCalls } from './grpc/client.js'

/** A container runtime as a node agent uses it: both services' calls on one object. */
export type Runtime = ServiceCalls<typeof RuntimeService> & ServiceCalls<typeof ImageService> & { close(): void }

/**
 * Both directions carry little at once on this socket, and windows above 128 KiB can stall on unix sockets without an
 * error, so the library's window stays at its default; lists of many pods may be large in one message.
 */
const channelOptions: ClientOptions = {
  'grpc.max_receive_message_length': 32 * 1024 * 1024,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 3_000,
  'grpc.enable_retries': 0,
}

/** Opens a channel to the runtime that listens at `socketPath`. It connects with the first call and again whenever needed. */
export function connectRuntime(socketPath: string): Runtime {
  const channel = new Client(`unix:${socketPath}`, credentials.createInsecure(), channelOptions)
  return {
    ...serviceCalls(RuntimeService, channel),
    ...serviceCalls(ImageService, channel),
    close: () => channel.close(),
  }
}
