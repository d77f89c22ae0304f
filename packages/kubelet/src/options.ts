import type { Taint } from '@treeline/api'
import type { Client, Clock, Logger } from '@treeline/client'
import type { Runtime } from '@treeline/cri'
import type { KubeletHost } from './kubelet-host.js'
import type { ClusterDns } from './network/dns.js'
import type { PodEndpoint } from './probes/outcome.js'
import type { KeyPair } from './server/key-pair.js'

export interface KubeletOptions {
  readonly nodeName: string
  readonly client: Client
  /** Unix socket of the container runtime. */
  readonly criSocket: string
  /** The container runtime itself, when it runs in this thread; the agent closes it. By default the one at the socket. */
  readonly runtime?: Runtime
  /** Address of the node: reported, and listened on. */
  readonly nodeIP: string
  /** Port of the HTTPS endpoints; 10250 by default, 0 takes a free one. */
  readonly port?: number
  /** `external`: a cloud controller manager initialises the node, which starts with the taint that says so. */
  readonly cloudProvider?: 'external' | ''
  /** Pods' volumes and the agent's own state. */
  readonly rootDirectory: string
  /** Container logs; `/var/log/pods` upstream, `<rootDirectory>/logs` by default here. */
  readonly podLogsDirectory?: string
  /** Absent: no HTTPS endpoints, hence no logs, exec or port-forward. */
  readonly certificates?: {
    readonly serving: KeyPair
    /** Certificate authority of clients, in PEM: whoever has a certificate of it is known by name. */
    readonly clientCA: string
  }
  /** Who may use the endpoints. `webhook` asks the API server, `always` lets every authenticated client in; `webhook` by default. */
  readonly authorization?: 'webhook' | 'always'
  readonly nodeLabels?: Readonly<Record<string, string>>
  readonly taints?: readonly Taint[]
  readonly providerID?: string
  /** Overrides of what the machine has, such as `{ cpu: '4', memory: '8Gi' }`. */
  readonly capacity?: Readonly<Record<string, string>>
  /** Taken from capacity to get what pods may use. */
  readonly reserved?: Readonly<Record<string, string>>
  readonly maxPods?: number
  readonly dns?: Partial<ClusterDns>
  /** Where a port of a pod is dialled, for runtimes that move ports; the same place by default. */
  readonly podEndpoint?: PodEndpoint
  /** What several nodes of one process share; each node has its own by default. */
  readonly host?: KubeletHost
  /** Milliseconds between node status computations; 10,000 by default. */
  readonly nodeStatusUpdateFrequency?: number
  /** Milliseconds after which an unchanged node status is sent all the same; 300,000 by default. */
  readonly nodeStatusReportFrequency?: number
  /** Seconds a lease is valid for; renewed four times as often; 40 by default. */
  readonly nodeLeaseDurationSeconds?: number
  /** Milliseconds between full looks at a pod; 60,000 by default. */
  readonly syncFrequency?: number
  /** Milliseconds between lists of runtimes that have no events; 1,000 by default. */
  readonly relistPeriod?: number
  /** Milliseconds of the longest delay between restarts of a crashing container; 300,000 by default. */
  readonly maxContainerRestartPeriod?: number
  /** Seconds a removed pod may take beyond what its spec says are cut to this; no limit by default. */
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
}
