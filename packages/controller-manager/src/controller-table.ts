import type { Client, Clock, ControllerDefinition, Informers, Logger, RunningControllers } from '@treeline/client'
import { bootstrapSigner, tokenCleaner } from './bootstrap-tokens/index.js'
import {
  type CertificateSigningOptions,
  certificateApprovalController,
  certificateCleaner,
  certificateSigningController,
} from './certificates/index.js'
import { clusterRoleAggregationController } from './cluster-role-aggregation/index.js'
import { cronJobController } from './cronjob/index.js'
import { daemonSetController } from './daemonset/index.js'
import { deploymentController } from './deployment/index.js'
import { disruptionControllers } from './disruption/index.js'
import { endpointsController } from './endpoints/index.js'
import { type EndpointSliceOptions, endpointSliceController } from './endpointslice/index.js'
import { endpointSliceMirroringController } from './endpointslice-mirroring/index.js'
import { ephemeralVolumeController } from './ephemeral-volume/index.js'
import { startGarbageCollector } from './garbage-collector/index.js'
import { jobControllers } from './job/index.js'
import { type NamespaceControllerOptions, namespaceController } from './namespace/index.js'
import { type NodeIpamOptions, nodeIpamController } from './node-ipam/index.js'
import { type NodeMonitorOptions, nodeLifecycleControllers } from './node-lifecycle/index.js'
import { nodeTtlController } from './node-ttl/index.js'
import { type PodGcOptions, podGarbageCollector } from './pod-gc/index.js'
import { replicaSetController, replicationController } from './replicaset/index.js'
import { resourceQuotaController } from './resource-quota/index.js'
import { rootCaPublisher } from './root-ca/index.js'
import { type ServiceAccountTokenOptions, serviceAccountTokenController } from './service-account-tokens/index.js'
import { serviceCidrController } from './service-cidr/index.js'
import { serviceAccountController } from './serviceaccount/index.js'
import { statefulSetController } from './statefulset/index.js'
import { taintEvictionController } from './taint-eviction/index.js'
import { ttlAfterFinishedController } from './ttl-after-finished/index.js'
import { volumeProtectionControllers } from './volume-protection/index.js'

/** What single controllers can be told. */
export interface ControllerSettings
  extends NamespaceControllerOptions,
    EndpointSliceOptions,
    NodeMonitorOptions,
    PodGcOptions,
    CertificateSigningOptions {
  /** Without it nodes are given no pod address ranges. */
  readonly nodeIpam?: NodeIpamOptions
  /** PEM of the certificate authority of the API server; without it no root CA ConfigMaps are written. */
  readonly rootCertificateAuthority?: string
  /** Makes the tokens of secrets of type service-account-token; without it these are left alone. */
  readonly issueServiceAccountToken?: ServiceAccountTokenOptions['issueToken']
}

/** A controller as the manager knows it. */
export interface ControllerEntry {
  /** As in upstream's `--controllers`. */
  readonly name: string
  /** ServiceAccount in kube-system it acts as. */
  readonly account: string
  /** Runs only when it is asked for by name. */
  readonly offByDefault?: true
  /** The controller as definitions; undefined when the settings give it nothing to do. */
  readonly make?: (
    settings: ControllerSettings,
    clock: Clock,
    informers: Informers,
  ) => ControllerDefinition | readonly ControllerDefinition[] | undefined
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
  { name: 'garbage-collector-controller', account: 'generic-garbage-collector', start: startGarbageCollector },
  { name: 'serviceaccount-controller', account: 'service-account-controller', make: () => serviceAccountController() },
  {
    name: 'serviceaccount-token-controller',
    account: 'tokens-controller',
    make: ({ issueServiceAccountToken: issueToken, rootCertificateAuthority }) =>
      issueToken && serviceAccountTokenController({ issueToken, rootCertificateAuthority }),
  },
  {
    name: 'root-ca-certificate-publisher-controller',
    account: 'root-ca-cert-publisher',
    make: ({ rootCertificateAuthority: authority }) => (authority ? rootCaPublisher(authority) : undefined),
  },
  { name: 'deployment-controller', account: 'deployment-controller', make: () => deploymentController() },
  { name: 'replicaset-controller', account: 'replicaset-controller', make: (_, clock) => replicaSetController(clock) },
  { name: 'replicationcontroller-controller', account: 'replication-controller', make: (_, clock) => replicationController(clock) },
  { name: 'statefulset-controller', account: 'statefulset-controller', make: () => statefulSetController() },
  { name: 'daemonset-controller', account: 'daemon-set-controller', make: (_, clock) => daemonSetController(clock) },
  { name: 'job-controller', account: 'job-controller', make: (_, clock) => jobControllers(clock) },
  { name: 'cronjob-controller', account: 'cronjob-controller', make: () => cronJobController() },
  { name: 'ttl-after-finished-controller', account: 'ttl-after-finished-controller', make: () => ttlAfterFinishedController() },
  {
    name: 'endpointslice-controller',
    account: 'endpointslice-controller',
    make: (settings, clock) => endpointSliceController(clock, settings),
  },
  {
    name: 'endpointslice-mirroring-controller',
    account: 'endpointslicemirroring-controller',
    make: (_, clock) => endpointSliceMirroringController(clock),
  },
  { name: 'endpoints-controller', account: 'endpoint-controller', make: (_, clock) => endpointsController(clock) },
  { name: 'node-lifecycle-controller', account: 'node-controller', make: (settings, clock) => nodeLifecycleControllers(clock, settings) },
  { name: 'taint-eviction-controller', account: 'node-controller', make: (_, clock) => taintEvictionController(clock) },
  { name: 'node-ipam-controller', account: 'node-controller', make: ({ nodeIpam }) => nodeIpam && nodeIpamController(nodeIpam) },
  { name: 'ttl-controller', account: 'ttl-controller', make: () => nodeTtlController() },
  { name: 'pod-garbage-collector-controller', account: 'pod-garbage-collector', make: (settings) => podGarbageCollector(settings) },
  { name: 'disruption-controller', account: 'disruption-controller', make: () => disruptionControllers() },
  { name: 'resourcequota-controller', account: 'resourcequota-controller', make: (_, __, informers) => resourceQuotaController(informers) },
  {
    name: 'persistentvolumeclaim-protection-controller',
    account: 'pvc-protection-controller',
    make: () => volumeProtectionControllers().claims,
  },
  {
    name: 'persistentvolume-protection-controller',
    account: 'pv-protection-controller',
    make: () => volumeProtectionControllers().volumes,
  },
  { name: 'ephemeral-volume-controller', account: 'ephemeral-volume-controller', make: () => ephemeralVolumeController() },
  {
    name: 'clusterrole-aggregation-controller',
    account: 'clusterrole-aggregation-controller',
    make: () => clusterRoleAggregationController(),
  },
  {
    name: 'certificatesigningrequest-approving-controller',
    account: 'certificate-controller',
    make: () => certificateApprovalController(),
  },
  {
    name: 'certificatesigningrequest-signing-controller',
    account: 'certificate-controller',
    make: ({ signingAuthority, signingDuration }) => signingAuthority && certificateSigningController(signingAuthority, signingDuration),
  },
  { name: 'certificatesigningrequest-cleaner-controller', account: 'certificate-controller', make: () => certificateCleaner() },
  { name: 'bootstrap-signer-controller', account: 'bootstrap-signer', offByDefault: true, make: () => bootstrapSigner() },
  { name: 'token-cleaner-controller', account: 'token-cleaner', offByDefault: true, make: () => tokenCleaner() },
  { name: 'service-cidr-controller', account: 'service-cidrs-controller', make: () => serviceCidrController() },
]
