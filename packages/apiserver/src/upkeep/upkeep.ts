import { hostname } from 'node:os'
import type { Store } from '@treeline/storage'
import type { ClusterIps } from '../allocation/cluster-ips.js'
import type { NodePorts } from '../allocation/node-ports.js'
import { allocationRepair } from '../allocation/repair.js'
import { type BootstrapStep, namespacesStep } from '../bootstrap/bootstrap.js'
import type { ApiInternals } from '../registry/internals.js'
import { every } from './every.js'
import { followFlowSchemas } from './flow-schema-status.js'
import { identityLease } from './identity-lease.js'
import { publishedAddress } from './published-address.js'
import { recordProblem } from './repair-events.js'

/** In milliseconds. */
const intervals = { lease: 10_000, leaseCleaning: 3_600_000, publishing: 10_000, repair: 180_000 }

export interface UpkeepOptions {
  readonly internals: ApiInternals
  readonly store: Store
  readonly ips: ClusterIps
  readonly ports: NodePorts
  /** Where the cluster reaches this server, if it does. */
  readonly address: string | undefined
  /** Asked once the server listens. */
  readonly port: () => number
  readonly now: () => number
}

/** What a server does again and again while it runs. Each thing is done once at the start, then goes on until `close`. */
export interface Upkeep {
  readonly steps: readonly BootstrapStep[]
  /** Makes the server an endpoint of the Service default/kubernetes. */
  publishAddress(): Promise<void>
  close(): Promise<void>
}

export function clusterUpkeep({ internals, store, ips, ports, address, port, now }: UpkeepOptions): Upkeep {
  const stops: (() => Promise<void> | void)[] = []
  let closed = false
  const goOn = (begin: () => () => Promise<void> | void): void => {
    if (!closed) stops.push(begin())
  }
  const repeat = async (interval: number, run: () => Promise<void>): Promise<void> => {
    await run()
    goOn(() => every(interval, run))
  }
  const lease = identityLease(internals, hostname(), now)
  const published = address === undefined ? undefined : publishedAddress(internals, store, address, port)
  const repair = allocationRepair(internals, ips, ports, now)
  return {
    steps: [
      {
        name: 'start-kube-apiserver-identity-lease-controller',
        after: [namespacesStep],
        run: () => repeat(intervals.lease, lease.renew),
      },
      {
        name: 'start-kube-apiserver-identity-lease-garbage-collector',
        after: [],
        run: async () => goOn(() => every(intervals.leaseCleaning, lease.forgetOthers)),
      },
      {
        name: 'start-service-ip-repair-controllers',
        after: ['start-kubernetes-service-cidr-controller'],
        run: () =>
          repeat(intervals.repair, async () => {
            for (const problem of await repair.run()) await recordProblem(internals, problem, now)
          }),
      },
      {
        name: 'priority-and-fairness-config-consumer',
        after: ['priority-and-fairness-config-producer'],
        run: async () => goOn(() => followFlowSchemas(internals, now)),
      },
    ],
    async publishAddress() {
      if (published) await repeat(intervals.publishing, published.publish)
    },
    async close() {
      closed = true
      await Promise.all(stops.map((stop) => stop()))
      await published?.withdraw()
    },
  }
}
