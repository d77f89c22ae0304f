import { CriError, criCodes, type StreamingServer } from '@treeline/cri'
import type { ContainerEvents } from './container-events.js'
import type { ImageStore } from './images/image-store.js'
import type { AddressBook } from './network/address-book.js'
import type { AddressPool } from './network/address-pool.js'
import type { IdentityPages } from './network/identity-page.js'
import type { SimulatedContainer, SimulatedSandbox } from './simulated-pod.js'

/** Everything the runtime of one node holds. The calls are functions over it. */
export interface NodeState {
  readonly nodeName: string
  /** Where pods on the host's network and host ports listen. */
  readonly nodeAddress: string
  readonly sandboxes: Map<string, SimulatedSandbox>
  readonly containers: Map<string, SimulatedContainer>
  readonly images: ImageStore
  readonly events: ContainerEvents
  readonly addressBook: AddressBook
  readonly pages: IdentityPages
  /** The server that exec, attach and port-forward are sent to; one for all nodes, made when it is first needed. */
  streaming(): Promise<StreamingServer>
  /** Absent until the node has a pod CIDR. */
  addresses: AddressPool | undefined
  report(error: unknown): void
}

/** Accepts a unique prefix of an id, as every runtime does. */
export function sandboxOf(state: NodeState, id: string): SimulatedSandbox {
  return byId(state.sandboxes, id, 'sandbox')
}

export function containerOf(state: NodeState, id: string): SimulatedContainer {
  return byId(state.containers, id, 'container')
}

export function containersIn(state: NodeState, sandbox: SimulatedSandbox): SimulatedContainer[] {
  return [...state.containers.values()].filter((container) => container.sandbox === sandbox)
}

function byId<T>(all: ReadonlyMap<string, T>, id: string, what: string): T {
  const exact = all.get(id)
  if (exact !== undefined) return exact
  const matches = id === '' ? [] : [...all].filter(([full]) => full.startsWith(id))
  const [match] = matches
  if (match !== undefined && matches.length === 1) return match[1]
  throw new CriError(criCodes.NOT_FOUND, `an error occurred when try to find ${what} ${JSON.stringify(id)}: not found`)
}
