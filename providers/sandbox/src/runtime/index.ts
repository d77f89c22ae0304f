export type { Endpoint } from './network/address-book.js'
export { createSandboxRuntime, type SandboxRuntime, type SandboxRuntimeOptions } from './sandbox-runtime.js'
