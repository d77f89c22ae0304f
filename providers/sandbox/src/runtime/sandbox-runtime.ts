import { localRuntime, type Runtime, type RuntimeServer, StreamingServer, serveRuntime } from '@treeline/cri'
import { containerCalls } from './calls/container-calls.js'
import { removeContainer } from './calls/container-lifecycle.js'
import { imageCalls } from './calls/image-calls.js'
import { nodeCalls } from './calls/node-calls.js'
import { sandboxCalls } from './calls/sandbox-calls.js'
import { streamingCalls } from './calls/streaming-calls.js'
import { ContainerEvents } from './container-events.js'
import { ImageStore } from './images/image-store.js'
import { AddressBook, type Endpoint } from './network/address-book.js'
import { IdentityPages } from './network/identity-page.js'
import type { NodeState } from './node-state.js'

export interface SandboxRuntimeOptions {
  /** Milliseconds a pull takes; 20 by default. */
  readonly pullDelay?: number
  /** Images that cannot be pulled: names as in pod specs, `*` stands for any run of characters. */
  readonly failingImages?: readonly string[]
  /** Hears of what no caller waits for; by default it is thrown as an uncaught error. */
  readonly report?: (error: unknown) => void
}

export interface ServedNode extends RuntimeServer {
  /** The same calls as the socket's, for whoever lives in this thread. */
  readonly runtime: Runtime
}

/** The simulated container runtime of a process: any number of nodes, each behind a socket of its own. */
export interface SandboxRuntime {
  /** Serves one node. `nodeAddress` is where its host ports and pods on its network listen. */
  serveNode(node: { readonly name: string; readonly address: string; readonly socketPath: string }): Promise<ServedNode>
  /** Where a port of a pod really listens; the same place unless it had to be moved. */
  resolve(address: string, port: number): Endpoint
  /** Ends every node's containers and sockets. */
  close(): Promise<void>
}

export function createSandboxRuntime(options: SandboxRuntimeOptions = {}): SandboxRuntime {
  const { pullDelay = 20, failingImages = [], report = rethrow } = options
  const addressBook = new AddressBook()
  const pages = new IdentityPages()
  const refuse = refusals(failingImages)
  const nodes = new Set<RuntimeServer>()
  let streaming: Promise<StreamingServer> | undefined

  return {
    async serveNode({ name, address, socketPath }) {
      const state: NodeState = {
        nodeName: name,
        nodeAddress: address,
        sandboxes: new Map(),
        containers: new Map(),
        images: new ImageStore({ pullDelay, refuse }),
        events: new ContainerEvents(),
        addressBook,
        pages,
        streaming: () => {
          streaming ??= StreamingServer.listen()
          return streaming
        },
        addresses: undefined,
        report,
      }
      const calls = {
        ...nodeCalls(state),
        ...sandboxCalls(state),
        ...containerCalls(state),
        ...imageCalls(state),
        ...streamingCalls(state),
      }
      const server = await serveRuntime(calls, socketPath)
      const node: ServedNode = {
        runtime: localRuntime(calls),
        async close() {
          nodes.delete(node)
          node.runtime.close()
          await server.close()
          await Promise.all([...state.containers.values()].map((container) => removeContainer(state, container)))
        },
      }
      nodes.add(node)
      return node
    },

    resolve: (address, port) => addressBook.resolve(address, port),

    async close() {
      await Promise.all([...nodes].map((node) => node.close()))
      pages.close()
      await (await streaming)?.close()
    },
  }
}

function refusals(patterns: readonly string[]): (name: string) => string | undefined {
  const shapes = patterns.map((pattern) => {
    const escaped = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`(^|/)${escaped.join('.*')}(:latest)?$`)
  })
  return (name) =>
    shapes.some((shape) => shape.test(name))
      ? `failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`
      : undefined
}

function rethrow(error: unknown): never {
  throw error
}
