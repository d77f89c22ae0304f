export { createEmbeddedCloud } from './embedded.js'
export { createCloudProvider } from './provider/provider.js'
