import type { ApiInternals } from '../registry/internals.js'
import { type ClusterAuthentication, publishAuthentication } from './authentication-config-map.js'
import { ensureFlowControl } from './flow-control.js'
import { ensureKubernetesService } from './kubernetes-service.js'
import { ensureLegacyTokenTracking } from './legacy-token-tracking.js'
import { ensurePriorityClasses } from './priority-classes.js'
import { reconcileRoles } from './rbac-reconcile.js'
import { ensureServiceCidr } from './service-cidr.js'
import { ensureSystemNamespaces } from './system-namespaces.js'

export interface BootstrapOptions {
  readonly serviceCidrs: readonly string[]
  /** First usable address of the first range. */
  readonly serviceAddress: string
  /** Asked once the server listens. */
  readonly securePort: () => number
  readonly authentication: ClusterAuthentication
  readonly now?: () => number
}

/** One of the things a server makes sure of when it starts, under the name of upstream's hook. */
export interface BootstrapStep {
  readonly name: string
  /** Steps that must be done before. */
  readonly after: readonly string[]
  run(internals: ApiInternals): Promise<void>
}

/** What the server makes sure of when it starts. All of it can run again at any time. */
export function bootstrapSteps(options: BootstrapOptions): readonly BootstrapStep[] {
  const { now = Date.now } = options
  const namespaces = 'start-system-namespaces-controller'
  const cidrs = 'start-kubernetes-service-cidr-controller'
  return [
    { name: namespaces, after: [], run: ensureSystemNamespaces },
    { name: cidrs, after: [], run: (internals) => ensureServiceCidr(internals, options.serviceCidrs, now) },
    { name: 'rbac/bootstrap-roles', after: [namespaces], run: reconcileRoles },
    { name: 'scheduling/bootstrap-system-priority-classes', after: [], run: ensurePriorityClasses },
    { name: 'priority-and-fairness-config-producer', after: [], run: (internals) => ensureFlowControl(internals, now) },
    {
      name: 'bootstrap-controller',
      after: [namespaces, cidrs],
      run: (internals) => ensureKubernetesService(internals, { address: options.serviceAddress, securePort: options.securePort() }),
    },
    {
      name: 'start-cluster-authentication-info-controller',
      after: [namespaces],
      run: (internals) => publishAuthentication(internals, options.authentication),
    },
    {
      name: 'start-legacy-token-tracking-controller',
      after: [namespaces],
      run: (internals) => ensureLegacyTokenTracking(internals, now),
    },
  ]
}

/** Runs the steps, each as soon as those before it are done, and tells of each when it is done. Rejects with the first failure. */
export async function runBootstrap(
  steps: readonly BootstrapStep[],
  internals: ApiInternals,
  onDone: (name: string) => void = () => undefined,
): Promise<void> {
  const running = new Map<string, Promise<void>>()
  for (const step of steps) {
    const before = step.after.map((name) => running.get(name))
    const run = async () => {
      await Promise.all(before)
      await step.run(internals)
      onDone(step.name)
    }
    running.set(step.name, run())
  }
  await Promise.all(running.values())
}
