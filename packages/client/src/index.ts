export * from './client.js'
export * from './controller.js'
export * from './transport/message-port-protocol.js'
export * from './transport.js'
