import type { Authorizer } from '../authorization/authorizer.js'
import { escalationCheck } from '../authorization/escalation.js'
import type { RoleRules } from '../authorization/role-rules.js'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionPlugin } from './admission.js'
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificate-signing-requests.js'
import { defaultIngressClass, defaultStorageClass } from './default-class.js'
import { defaultTolerationSeconds } from './default-toleration-seconds.js'
import { limitRanger } from './limit-ranger/limit-ranger.js'
import { namespaceLifecycle } from './namespace-lifecycle.js'
import { nodeRestriction } from './node-restriction/node-restriction.js'
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.js'
import { podSecurity } from './pod-security/pod-security.js'
import { podTopologyLabels } from './pod-topology-labels.js'
import { priority } from './priority.js'
import { resourceQuota } from './resource-quota/resource-quota.js'
import { runtimeClass } from './runtime-class.js'
import { serviceAccount } from './service-account.js'
import { storageObjectInUseProtection } from './storage-object-in-use-protection.js'
import { taintNodesByCondition } from './taint-nodes-by-condition.js'

/** The plug-ins that are on by default, in upstream's order; the quota is charged last, when nothing else can refuse. */
export function defaultAdmission(
  internals: ApiInternals,
  authorizer: Authorizer,
  roleRules: RoleRules,
  now: () => number,
): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle(internals),
    limitRanger(internals),
    serviceAccount(internals),
    nodeRestriction(internals, authorizer),
    taintNodesByCondition,
    podSecurity(internals),
    priority(internals),
    defaultTolerationSeconds,
    storageObjectInUseProtection,
    runtimeClass(internals),
    certificateApproval(authorizer),
    certificateSigning(authorizer),
    certificateSubjectRestriction,
    defaultIngressClass(internals),
    persistentVolumeClaimResize(internals),
    defaultStorageClass(internals),
    podTopologyLabels(internals),
    escalationCheck(roleRules, authorizer),
    resourceQuota(internals, now),
  ]
}
