import type { Client, Clock, ControllerDefinition, Informers, Logger, RunningControllers } from '@treeline/client'
import { daemonSetController } from './daemonset/index.js'
import { deploymentController } from './deployment/index.js'
import { endpointsController } from './endpoints/index.js'
import { type EndpointSliceOptions, endpointSliceController } from './endpointslice/index.js'
import { startGarbageCollector } from './garbage-collector/index.js'
import { jobControllers } from './job/index.js'
import { type NamespaceControllerOptions, namespaceController } from './namespace/index.js'
import { type NodeIpamOptions, nodeIpamController } from './node-ipam/index.js'
import { type NodeMonitorOptions, nodeLifecycleControllers } from './node-lifecycle/index.js'
import { nodeTtlController } from './node-ttl/index.js'
import { type PodGcOptions, podGarbageCollector } from './pod-gc/index.js'
import { replicaSetController, replicationController } from './replicaset/index.js'
import { rootCaPublisher } from './root-ca/index.js'
import { serviceAccountController } from './serviceaccount/index.js'
import { statefulSetController } from './statefulset/index.js'
import { taintEvictionController } from './taint-eviction/index.js'

/** What single controllers can be told. */
export interface ControllerSettings extends NamespaceControllerOptions, EndpointSliceOptions, NodeMonitorOptions, PodGcOptions {
  /** Without it nodes are given no pod address ranges. */
  readonly nodeIpam?: NodeIpamOptions
  /** PEM of the certificate authority of the API server; without it no root CA ConfigMaps are written. */
  readonly rootCertificateAuthority?: string
}

/** A controller as the manager knows it. */
export interface ControllerEntry {
  /** As in upstream's `--controllers`. */
  readonly name: string
  /** ServiceAccount in kube-system it acts as. */
  readonly account: string
  /** The controller as a definition; undefined when the settings give it nothing to do. */
  readonly make?: (settings: ControllerSettings, clock: Clock) => ControllerDefinition | readonly ControllerDefinition[] | undefined
  /** For one that is more than a definition can say. */
  readonly start?: (environment: ControllerEnvironment) => RunningControllers
}

/** What a controller that runs itself is given. */
export interface ControllerEnvironment {
  readonly client: Client
  readonly informers: Informers
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

/** All controllers, in no order that matters. */
export const controllerTable: readonly ControllerEntry[] = [
  { name: 'namespace-controller', account: 'namespace-controller', make: (settings) => namespaceController(settings) },
  { name: 'serviceaccount-controller', account: 'service-account-controller', make: () => serviceAccountController() },
  {
    name: 'root-ca-certificate-publisher-controller',
    account: 'root-ca-cert-publisher',
    make: ({ rootCertificateAuthority: authority }) => (authority ? rootCaPublisher(authority) : undefined),
  },
  { name: 'deployment-controller', account: 'deployment-controller', make: () => deploymentController() },
  { name: 'replicaset-controller', account: 'replicaset-controller', make: (_, clock) => replicaSetController(clock) },
  {
    name: 'endpointslice-controller',
    account: 'endpointslice-controller',
    make: (settings, clock) => endpointSliceController(clock, settings),
  },
  { name: 'endpoints-controller', account: 'endpoint-controller', make: (_, clock) => endpointsController(clock) },
  { name: 'node-lifecycle-controller', account: 'node-controller', make: (settings, clock) => nodeLifecycleControllers(clock, settings) },
  { name: 'taint-eviction-controller', account: 'node-controller', make: (_, clock) => taintEvictionController(clock) },
  { name: 'node-ipam-controller', account: 'node-controller', make: ({ nodeIpam }) => nodeIpam && nodeIpamController(nodeIpam) },
  { name: 'ttl-controller', account: 'ttl-controller', make: () => nodeTtlController() },
  { name: 'pod-garbage-collector-controller', account: 'pod-garbage-collector', make: (settings) => podGarbageCollector(settings) },
  { name: 'statefulset-controller', account: 'statefulset-controller', make: () => statefulSetController() },
  { name: 'daemonset-controller', account: 'daemon-set-controller', make: (_, clock) => daemonSetController(clock) },
  { name: 'job-controller', account: 'job-controller', make: (_, clock) => jobControllers(clock) },
  { name: 'garbage-collector-controller', account: 'generic-garbage-collector', start: startGarbageCollector },
  { name: 'replicationcontroller-controller', account: 'replication-controller', make: (_, clock) => replicationController(clock) },
]
