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
  /** Makes the server an endpoint of the `kubernetes` Service. */
  readonly publishAddress?: () => Promise<void>
  readonly now?: () => number
}

/** One of the things a server makes sure of when it starts, under the name of upstream's hook. */
export interface BootstrapStep {
  readonly name: string
  /** Steps that must be done before. */
  readonly after: readonly string[]
  run(internals: ApiInternals): Promise<void>
}

export const namespacesStep = 'start-system-namespaces-controller'

/** What the server makes sure of when it starts. All of it can run again at any time. */
export function bootstrapSteps(options: BootstrapOptions): readonly BootstrapStep[] {
  const { now = Date.now } = options
  const cidrs = 'start-kubernetes-service-cidr-controller'
  return [
    { name: namespacesStep, after: [], run: ensureSystemNamespaces },
    { name: cidrs, after: [], run: (internals) => ensureServiceCidr(internals, options.serviceCidrs, now) },
    { name: 'rbac/bootstrap-roles', after: [namespacesStep], run: reconcileRoles },
    { name: 'scheduling/bootstrap-system-priority-classes', after: [], run: ensurePriorityClasses },
    { name: 'priority-and-fairness-config-producer', after: [], run: (internals) => ensureFlowControl(internals, now) },
    {
      name: 'bootstrap-controller',
      after: [namespacesStep, cidrs],
      async run(internals) {
        await ensureKubernetesService(internals, { address: options.serviceAddress, securePort: options.securePort() })
        await options.publishAddress?.()
      },
    },
    {
      name: 'start-cluster-authentication-info-controller',
      after: [namespacesStep],
      run: (internals) => publishAuthentication(internals, options.authentication),
    },
    {
      name: 'start-legacy-token-tracking-controller',
      after: [namespacesStep],
      run: (internals) => ensureLegacyTokenTracking(internals, now),
    },
  ]
}
