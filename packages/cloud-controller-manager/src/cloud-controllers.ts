import { type Client, type ControllerDefinition, type Logger, type RunningControllers, runControllers, sharedAbort } from '@treeline/client'
import type { CloudProvider } from '@treeline/cloud-provider'
import type { CloudContext } from './cloud-context.js'
import { instanceLookup } from './instance-lookup.js'
import { nodeController } from './node/node-controller.js'
import { nodeLifecycleController } from './node-lifecycle/node-lifecycle-controller.js'
import { routeController } from './route/route-controller.js'
import { serviceController } from './service/service-controller.js'

/** Flags of the cloud-controller-manager, in milliseconds where upstream has durations. */
export interface CloudControllerOptions {
  readonly cloud: CloudProvider
  /** `--cluster-cidr` */
  readonly clusterCIDRs: readonly string[]
  /** `--configure-cloud-routes` */
  readonly configureCloudRoutes?: boolean
  /** `--route-reconciliation-period` */
  readonly routeReconciliationPeriod?: number
  /** `--node-monitor-period` */
  readonly nodeMonitorPeriod?: number
  /** `--node-status-update-frequency` */
  readonly nodeStatusUpdateFrequency?: number
  /** `--concurrent-node-syncs`; more than upstream's 1, since lookups are batched. */
  readonly concurrentNodeSyncs?: number
  /** `--concurrent-service-syncs` */
  readonly concurrentServiceSyncs?: number
}

/** The controllers that the cloud's capabilities call for: an absent capability is an absent controller. */
export function cloudControllers(options: CloudControllerOptions): ControllerDefinition<CloudContext>[] {
  const { cloud } = options
  const definitions: ControllerDefinition<CloudContext>[] = []
  if (cloud.instances) {
    definitions.push(
      nodeController({ statusUpdateFrequency: options.nodeStatusUpdateFrequency ?? 300_000, workers: options.concurrentNodeSyncs ?? 64 }),
    )
    definitions.push(nodeLifecycleController({ monitorPeriod: options.nodeMonitorPeriod ?? 5_000 }))
  }
  if (cloud.loadBalancers) {
    definitions.push(serviceController({ workers: options.concurrentServiceSyncs ?? 8, loadBalancers: cloud.loadBalancers }))
  }
  if (cloud.routes && (options.configureCloudRoutes ?? true)) {
    definitions.push(routeController({ reconciliationPeriod: options.routeReconciliationPeriod ?? 10_000, routes: cloud.routes }))
  }
  return definitions
}

/** Runs the cloud controllers until stopped, each under the client name that upstream gives it. */
export function startCloudControllers(client: Client, options: CloudControllerOptions & { readonly log?: Logger }): RunningControllers {
  const stopped = sharedAbort()
  const extra: CloudContext = {
    cloud: options.cloud,
    instances: instanceLookup(options.cloud, stopped.signal),
    clusterCIDRs: options.clusterCIDRs,
  }
  const running = runControllers(cloudControllers(options), {
    client,
    clientOf: (controller) => client.as(clientNames[controller.name] ?? controller.name),
    extra,
    ...(options.log ? { log: options.log } : {}),
  })
  return {
    ready: running.ready,
    get idle() {
      return running.idle
    },
    async stop() {
      stopped.abort()
      await running.stop()
    },
  }
}

const clientNames: Readonly<Record<string, string>> = {
  'cloud-node-controller': 'node-controller',
  'cloud-node-lifecycle-controller': 'node-controller',
  'service-lb-controller': 'service-controller',
  'node-route-controller': 'route-controller',
}
