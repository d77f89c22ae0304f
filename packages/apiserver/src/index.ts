export * from './registry/internals.js'
export * from './server.js'
