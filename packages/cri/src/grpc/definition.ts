import { create, type DescService, fromBinary, type Message, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js'

/** The wire form of a service for the gRPC library, derived from its descriptor. Keys are the local method names. */
export function serviceDefinition(service: DescService): ServiceDefinition {
  const definition: Record<string, MethodDefinition<object, object>> = {}
  for (const method of service.methods) {
    const { input, output } = method
    definition[method.localName] = {
      path: `/${service.typeName}/${method.name}`,
      requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
      responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
      requestSerialize: (message) => encode(toBinary(input, create(input, message as MessageInitShape<typeof input>))),
      requestDeserialize: (bytes) => fromBinary(input, bytes) as Message,
      responseSerialize: (message) => encode(toBinary(output, create(output, message as MessageInitShape<typeof output>))),
      responseDeserialize: (bytes) => fromBinary(output, bytes) as Message,
    }
  }
  return definition as ServiceDefinition
}

function encode(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
