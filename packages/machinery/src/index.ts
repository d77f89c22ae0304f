export * from './object.js'
export * from './schema/schema.js'
