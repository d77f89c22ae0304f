import { rm } from 'node:fs/promises'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { ImageService, RuntimeService } from './generated/runtime/v1/services_pb.js'
import type { ServiceImplementation } from './grpc/calls.js'
import { serviceDefinition } from './grpc/definition.js'
import { serviceHandlers } from './grpc/server.js'

/** What a container runtime implements. Whatever is absent is answered UNIMPLEMENTED. */
export type RuntimeImplementation = ServiceImplementation<typeof RuntimeService> & ServiceImplementation<typeof ImageService>

export interface RuntimeServer {
  /** Stops listening, ends every call and removes the socket. */
  close(): Promise<void>
}

const runtimeDefinition = serviceDefinition(RuntimeService)
const imageDefinition = serviceDefinition(ImageService)

/** Serves a runtime on a unix socket, replacing a stale one. Rejects when the path cannot be bound. */
export async function serveRuntime(implementation: RuntimeImplementation, socketPath: string): Promise<RuntimeServer> {
  await rm(socketPath, { force: true })
  const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 })
  server.addService(runtimeDefinition, serviceHandlers(RuntimeService, implementation))
  server.addService(imageDefinition, serviceHandlers(ImageService, implementation))
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()))
  })
  return {
    async close() {
      server.forceShutdown()
      await rm(socketPath, { force: true })
    },
  }
}
