import { admissionV1Types } from './admission/v1/table.js'
import { admissionregistrationV1Types } from './admissionregistration/v1/table.js'
import { apidiscoveryV2Types } from './apidiscovery/v2/table.js'
import { apiextensionsV1Types } from './apiextensions/v1/table.js'
import { apiregistrationV1Types } from './apiregistration/v1/table.js'
import { appsV1Types } from './apps/v1/table.js'
import { authenticationV1Types } from './authentication/v1/table.js'
import { authorizationV1Types } from './authorization/v1/table.js'
import { autoscalingV1Types } from './autoscaling/v1/table.js'
import { autoscalingV2Types } from './autoscaling/v2/table.js'
import { batchV1Types } from './batch/v1/table.js'
import { certificatesV1Types } from './certificates/v1/table.js'
import { coordinationV1Types } from './coordination/v1/table.js'
import { coreV1Types } from './core/v1/table.js'
import type { TypeTable } from './declaration/type-table.js'
import { discoveryV1Types } from './discovery/v1/table.js'
import { eventsV1Types } from './events/v1/table.js'
import { flowcontrolV1Types } from './flowcontrol/v1/table.js'
import { metaV1Types } from './meta/v1/table.js'
import { networkingV1Types } from './networking/v1/table.js'
import { nodeV1Types } from './node/v1/table.js'
import { policyV1Types } from './policy/v1/table.js'
import { rbacV1Types } from './rbac/v1/table.js'
import { resourceV1Types } from './resource/v1/table.js'
import { schedulingV1Types } from './scheduling/v1/table.js'
import { storageV1Types } from './storage/v1/table.js'

/** A group version of the API, as it is named on the wire and in OpenAPI, with the types declared for it. */
export interface Group {
  readonly group: string
  readonly version: string
  /** OpenAPI definition names start with it. */
  readonly definitionPrefix: string
  readonly types: TypeTable
}

/** Every declared group version by its key in type names. */
export const groups: Readonly<Record<string, Group>> = {
  'meta.v1': { group: 'meta.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.apimachinery.pkg.apis.meta.v1', types: metaV1Types },
  'core.v1': { group: '', version: 'v1', definitionPrefix: 'io.k8s.api.core.v1', types: coreV1Types },
  'apps.v1': { group: 'apps', version: 'v1', definitionPrefix: 'io.k8s.api.apps.v1', types: appsV1Types },
  'batch.v1': { group: 'batch', version: 'v1', definitionPrefix: 'io.k8s.api.batch.v1', types: batchV1Types },
  'autoscaling.v1': { group: 'autoscaling', version: 'v1', definitionPrefix: 'io.k8s.api.autoscaling.v1', types: autoscalingV1Types },
  'autoscaling.v2': { group: 'autoscaling', version: 'v2', definitionPrefix: 'io.k8s.api.autoscaling.v2', types: autoscalingV2Types },
  'policy.v1': { group: 'policy', version: 'v1', definitionPrefix: 'io.k8s.api.policy.v1', types: policyV1Types },
  'rbac.v1': { group: 'rbac.authorization.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.rbac.v1', types: rbacV1Types },
  'authentication.v1': {
    group: 'authentication.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.api.authentication.v1',
    types: authenticationV1Types,
  },
  'authorization.v1': {
    group: 'authorization.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.api.authorization.v1',
    types: authorizationV1Types,
  },
  'certificates.v1': {
    group: 'certificates.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.api.certificates.v1',
    types: certificatesV1Types,
  },
  'coordination.v1': {
    group: 'coordination.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.api.coordination.v1',
    types: coordinationV1Types,
  },
  'discovery.v1': { group: 'discovery.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.discovery.v1', types: discoveryV1Types },
  'events.v1': { group: 'events.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.events.v1', types: eventsV1Types },
  'networking.v1': { group: 'networking.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.networking.v1', types: networkingV1Types },
  'node.v1': { group: 'node.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.node.v1', types: nodeV1Types },
  'scheduling.v1': { group: 'scheduling.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.scheduling.v1', types: schedulingV1Types },
  'storage.v1': { group: 'storage.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.storage.v1', types: storageV1Types },
  'admissionregistration.v1': {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.api.admissionregistration.v1',
    types: admissionregistrationV1Types,
  },
  'admission.v1': { group: 'admission.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.admission.v1', types: admissionV1Types },
  'apidiscovery.v2': {
    group: 'apidiscovery.k8s.io',
    version: 'v2',
    definitionPrefix: 'io.k8s.api.apidiscovery.v2',
    types: apidiscoveryV2Types,
  },
  'flowcontrol.v1': {
    group: 'flowcontrol.apiserver.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.api.flowcontrol.v1',
    types: flowcontrolV1Types,
  },
  'resource.v1': { group: 'resource.k8s.io', version: 'v1', definitionPrefix: 'io.k8s.api.resource.v1', types: resourceV1Types },
  'apiextensions.v1': {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
    types: apiextensionsV1Types,
  },
  'apiregistration.v1': {
    group: 'apiregistration.k8s.io',
    version: 'v1',
    definitionPrefix: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
    types: apiregistrationV1Types,
  },
}
