import type { Node, NodeAddress } from '@treeline/api'
import type { LoadBalancers } from './load-balancers.js'
import type { Routes } from './routes.js'

/**
 * A cloud, as the controllers see it. A capability that a cloud lacks is an absent member: there is no method that
 * answers "not implemented".
 */
export interface CloudProvider {
  /** The value of `--cloud-provider`, and the scheme of every providerID. */
  readonly name: string
  readonly instances?: Instances
  readonly loadBalancers?: LoadBalancers
  readonly routes?: Routes
  /** Ends background work and connections. */
  close(): Promise<void>
}

/** Instances behind nodes. Every method takes whole nodes, in batches, so that a provider pays pages and not calls. */
export interface Instances {
  /**
   * What the cloud knows of each node, in the order given. `foreign`: not this cloud's node, leave it alone.
   * Throws only when nothing can be said of any of them.
   */
  describe(nodes: readonly Node[], signal: AbortSignal): Promise<readonly InstanceDescription[]>
}

/** Existence has three values: there, gone for certain, or unknown. Only `gone` ever deletes a Node. */
export type InstanceDescription =
  | { readonly existence: 'exists'; readonly shutdown: boolean; readonly metadata: InstanceMetadata }
  | { readonly existence: 'gone' }
  | { readonly existence: 'unknown'; readonly reason: Error }
  | { readonly existence: 'foreign' }

/** Source: InstancesV2 InstanceMetadata. Empty strings write no label. */
export interface InstanceMetadata {
  /** `name://…`; may be empty only when the node already has one. */
  readonly providerID: string
  readonly instanceType: string
  readonly region: string
  readonly zone: string
  readonly addresses: readonly NodeAddress[]
  /** Labels outside kubernetes.io and k8s.io; existing keys of the node win. */
  readonly additionalLabels?: Readonly<Record<string, string>>
}

/** What a provider's package exports as `createCloudProvider`. */
export type CloudProviderFactory = (options: CloudProviderOptions) => Promise<CloudProvider>

export interface CloudProviderOptions {
  /** Text of `--cloud-config`; absent when no file was given. */
  readonly config?: string
  /** `--cluster-name`; goes into names and tags of cloud objects. */
  readonly clusterName: string
  /** Lines for the operator. */
  readonly log: (message: string) => void
}
