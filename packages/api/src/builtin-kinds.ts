import { admissionregistrationV1Kinds } from './admissionregistration/v1/index.js'
import { apiextensionsV1Kinds } from './apiextensions/v1/index.js'
import { apiregistrationV1Kinds } from './apiregistration/v1/index.js'
import { appsV1Kinds } from './apps/v1/index.js'
import { authenticationV1Kinds } from './authentication/v1/index.js'
import { authorizationV1Kinds } from './authorization/v1/index.js'
import { autoscalingV1Kinds } from './autoscaling/v1/index.js'
import { autoscalingV2Kinds } from './autoscaling/v2/index.js'
import { batchV1Kinds } from './batch/v1/index.js'
import { certificatesV1Kinds } from './certificates/v1/index.js'
import { coordinationV1Kinds } from './coordination/v1/index.js'
import { coreV1Kinds } from './core/v1/index.js'
import { discoveryV1Kinds } from './discovery/v1/index.js'
import { eventsV1Kinds } from './events/v1/index.js'
import { flowcontrolV1Kinds } from './flowcontrol/v1/index.js'
import type { Kind } from './kind.js'
import { networkingV1Kinds } from './networking/v1/index.js'
import { nodeV1Kinds } from './node/v1/index.js'
import { policyV1Kinds } from './policy/v1/index.js'
import { rbacV1Kinds } from './rbac/v1/index.js'
import { resourceV1Kinds } from './resource/v1/index.js'
import { schedulingV1Kinds } from './scheduling/v1/index.js'
import { storageV1Kinds } from './storage/v1/index.js'

/** Every kind that has a resource of its own, in discovery's order of groups. */
export const builtinKinds: readonly Kind[] = [
  ...coreV1Kinds,
  ...apiregistrationV1Kinds,
  ...appsV1Kinds,
  ...eventsV1Kinds,
  ...authenticationV1Kinds,
  ...authorizationV1Kinds,
  ...autoscalingV2Kinds,
  ...autoscalingV1Kinds,
  ...batchV1Kinds,
  ...certificatesV1Kinds,
  ...networkingV1Kinds,
  ...policyV1Kinds,
  ...rbacV1Kinds,
  ...storageV1Kinds,
  ...admissionregistrationV1Kinds,
  ...apiextensionsV1Kinds,
  ...schedulingV1Kinds,
  ...coordinationV1Kinds,
  ...nodeV1Kinds,
  ...discoveryV1Kinds,
  ...resourceV1Kinds,
  ...flowcontrolV1Kinds,
]
