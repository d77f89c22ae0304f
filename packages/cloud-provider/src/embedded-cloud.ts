import type { Runtime } from '@treeline/cri'

/**
 * A cloud that a provider's package can start by itself, for a laptop or a test. Its instances boot node agents: the
 * cloud decides when, the caller knows how, so that no provider needs to know the kubelet.
 */
export interface EmbeddedCloud {
  /** Text for `--cloud-config` of this cloud's provider. */
  readonly config: string
  /** CIDR that pods of this cluster live in, and one that nodes do. */
  readonly podCIDR: string
  readonly nodeCIDR: string
  /** Adds instances until there are `count`; resolves when each has been told to boot. */
  scaleInstances(count: number): Promise<void>
  /** Stops every instance, listener and process; resolves when nothing is left. */
  close(): Promise<void>
}

export interface EmbeddedCloudOptions {
  /** Where the cloud keeps its state; survives a restart. */
  readonly directory: string
  readonly clusterName: string
  readonly log: (message: string) => void
  /** Boots the node agent of one instance. */
  readonly bootNode: (instance: BootInstance) => Promise<RunningNode>
}

/** What an instance tells the agent that boots on it. */
export interface BootInstance {
  readonly nodeName: string
  readonly nodeIP: string
  /** Directory of this instance's own disk. */
  readonly directory: string
  /** Unix socket of the container runtime on the instance. */
  readonly criSocket: string
  /** The same runtime, when it runs in the thread of the agent. */
  readonly runtime?: Runtime
  readonly capacity: { readonly cpu: string; readonly memory: string; readonly pods: string; readonly ephemeralStorage: string }
}

export interface RunningNode {
  stop(): Promise<void>
}

export type EmbeddedCloudFactory = (options: EmbeddedCloudOptions) => Promise<EmbeddedCloud>
