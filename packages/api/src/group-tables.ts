import type { admissionV1Types } from './admission/v1/table.js'
import type { admissionregistrationV1Types } from './admissionregistration/v1/table.js'
import type { apidiscoveryV2Types } from './apidiscovery/v2/table.js'
import type { apiextensionsV1Types } from './apiextensions/v1/table.js'
import type { apiregistrationV1Types } from './apiregistration/v1/table.js'
import type { appsV1Types } from './apps/v1/table.js'
import type { authenticationV1Types } from './authentication/v1/table.js'
import type { authorizationV1Types } from './authorization/v1/table.js'
import type { autoscalingV1Types } from './autoscaling/v1/table.js'
import type { autoscalingV2Types } from './autoscaling/v2/table.js'
import type { batchV1Types } from './batch/v1/table.js'
import type { certificatesV1Types } from './certificates/v1/table.js'
import type { coordinationV1Types } from './coordination/v1/table.js'
import type { coreV1Types } from './core/v1/table.js'
import type { discoveryV1Types } from './discovery/v1/table.js'
import type { eventsV1Types } from './events/v1/table.js'
import type { flowcontrolV1Types } from './flowcontrol/v1/table.js'
import type { metaV1Types } from './meta/v1/table.js'
import type { networkingV1Types } from './networking/v1/table.js'
import type { nodeV1Types } from './node/v1/table.js'
import type { policyV1Types } from './policy/v1/table.js'
import type { rbacV1Types } from './rbac/v1/table.js'
import type { resourceV1Types } from './resource/v1/table.js'
import type { schedulingV1Types } from './scheduling/v1/table.js'
import type { storageV1Types } from './storage/v1/table.js'

/** The type tables by group version, as types: what `TypeOf` reads. */
export interface GroupTables {
  'meta.v1': typeof metaV1Types
  'core.v1': typeof coreV1Types
  'apps.v1': typeof appsV1Types
  'batch.v1': typeof batchV1Types
  'autoscaling.v1': typeof autoscalingV1Types
  'autoscaling.v2': typeof autoscalingV2Types
  'policy.v1': typeof policyV1Types
  'rbac.v1': typeof rbacV1Types
  'authentication.v1': typeof authenticationV1Types
  'authorization.v1': typeof authorizationV1Types
  'certificates.v1': typeof certificatesV1Types
  'coordination.v1': typeof coordinationV1Types
  'discovery.v1': typeof discoveryV1Types
  'events.v1': typeof eventsV1Types
  'networking.v1': typeof networkingV1Types
  'node.v1': typeof nodeV1Types
  'scheduling.v1': typeof schedulingV1Types
  'storage.v1': typeof storageV1Types
  'admissionregistration.v1': typeof admissionregistrationV1Types
  'admission.v1': typeof admissionV1Types
  'apidiscovery.v2': typeof apidiscoveryV2Types
  'flowcontrol.v1': typeof flowcontrolV1Types
  'resource.v1': typeof resourceV1Types
  'apiextensions.v1': typeof apiextensionsV1Types
  'apiregistration.v1': typeof apiregistrationV1Types
}
