import type { Client, Clock, Logger } from '@treeline/client'
import type { Runtime } from '@treeline/cri'
import type { AssignedPod } from './assigned-pod.js'
import type { PodEvents } from './events.js'
import type { ImagePuller } from './images/image-puller.js'
import type { KubeletHost } from './kubelet-host.js'
import type { ClusterDns } from './network/dns.js'
import type { PodEndpoint } from './probes/outcome.js'
import type { Prober } from './probes/prober.js'
import type { CgroupDriver } from './resources/cgroup-parent.js'
import type { BackOff } from './runtime/back-off.js'
import type { RuntimeCache } from './runtime/runtime-cache.js'
import type { SecurityDefaults } from './runtime/security-context.js'
import type { StatusWriter } from './status/status-writer.js'
import type { ServiceAccountTokens } from './volumes/service-account-tokens.js'
import type { WrittenVolumes } from './volumes/written-volumes.js'

/** What the runtime says of itself. */
export interface RuntimeHealth {
  readonly runtimeReady: boolean
  readonly networkReady: boolean
  /** Why not, in the words of the node's Ready condition. */
  readonly problems: readonly string[]
}

/** Everything that the parts of one node's agent share. */
export interface NodeAgent {
  readonly nodeName: string
  readonly client: Client
  readonly host: KubeletHost
  readonly runtime: Runtime
  /** As the runtime names itself; the scheme of container ids. */
  readonly runtimeName: string
  readonly cache: RuntimeCache
  readonly statuses: StatusWriter
  readonly images: ImagePuller
  readonly prober: Prober
  readonly tokens: ServiceAccountTokens
  readonly written: WrittenVolumes
  readonly events: PodEvents
  readonly crashes: BackOff
  readonly podsDirectory: string
  readonly logsDirectory: string
  readonly cgroupDriver: CgroupDriver
  readonly security: SecurityDefaults
  readonly dns: ClusterDns
  readonly endpoint: PodEndpoint
  /** Milliseconds between full looks at a pod. */
  readonly syncFrequency: number
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly signal: AbortSignal
  readonly hostIPs: readonly string[]
  /** Bytes. */
  readonly nodeMemory: number
  nodeAllocatable(): Readonly<Record<string, string>>
  health(): RuntimeHealth
  /** Why a pod that is new here may not run; undefined lets it run. */
  admit(pod: AssignedPod): { readonly reason: string; readonly message: string } | undefined
}
