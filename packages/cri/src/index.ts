export * from './generated/runtime/v1/container_config_pb.js'
export * from './generated/runtime/v1/container_pb.js'
export * from './generated/runtime/v1/container_status_pb.js'
export * from './generated/runtime/v1/events_pb.js'
export * from './generated/runtime/v1/image_pb.js'
export * from './generated/runtime/v1/image_spec_pb.js'
export * from './generated/runtime/v1/node_pb.js'
export * from './generated/runtime/v1/resources_pb.js'
export * from './generated/runtime/v1/sandbox_config_pb.js'
export * from './generated/runtime/v1/sandbox_pb.js'
export * from './generated/runtime/v1/sandbox_status_pb.js'
export * from './generated/runtime/v1/security_pb.js'
export * from './generated/runtime/v1/services_pb.js'
export * from './generated/runtime/v1/stats_pb.js'
export * from './generated/runtime/v1/streaming_pb.js'
export type { CallContext, CallOptions } from './grpc/calls.js'
export { asCriError, CriError, criCodes, isNotFound, isUnimplemented, rpcText } from './grpc/error.js'
export { localRuntime } from './local-runtime.js'
export { connectRuntime, type Runtime } from './runtime-client.js'
export { type RuntimeImplementation, type RuntimeServer, serveRuntime } from './runtime-server.js'
export { serveCommandUpgrade, serveTunnelUpgrade } from './streaming/accept-websocket.js'
export { join, type PortForwarder, portForwardProtocol, portForwardTunnel } from './streaming/port-forward.js'
export { dialPortForward, relayCommand } from './streaming/relay.js'
export {
  type CommandRunner,
  exitCodeOf,
  exitStatus,
  type RemoteCommand,
  type StreamFlags,
  type TerminalSize,
} from './streaming/remote-command.js'
export { SpdyConnection, type SpdyConnectionOptions } from './streaming/spdy/spdy-connection.js'
export type { SpdyStream } from './streaming/spdy/spdy-stream.js'
export { StreamingServer } from './streaming/streaming-server.js'
