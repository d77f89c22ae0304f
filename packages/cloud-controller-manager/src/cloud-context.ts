import type { CloudProvider } from '@treeline/cloud-provider'
import type { InstanceLookup } from './instance-lookup.js'

/** What the cloud controllers get beside the runtime's own context. */
export interface CloudContext {
  readonly cloud: CloudProvider
  readonly instances: InstanceLookup
  /** `--cluster-cidr`: the ranges whose routes are ours. */
  readonly clusterCIDRs: readonly string[]
}
