import type { AssignedPod } from '../assigned-pod.js'
import type { AdmissionContext, Refusal } from './admission.js'
import { affinityRefusal } from './node-affinity.js'
import { portRefusal } from './node-ports.js'
import { resourceRefusal } from './resource-fit.js'
import { sysctlRefusal } from './sysctls.js'
import { taintRefusal } from './taints.js'

type Check = (pod: AssignedPod, context: AdmissionContext) => Refusal | undefined

/** In the order in which upstream looks; the first refusal counts. */
const checks: readonly Check[] = [sysctlRefusal, systemRefusal, resourceRefusal, affinityRefusal, portRefusal, taintRefusal]

/** Why a pod that is new on the node may not run; undefined lets it run. */
export function admitPod(pod: AssignedPod, context: AdmissionContext): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(pod, context)
    if (refusal !== undefined) return { reason: refusal.reason, message: `Pod was rejected: ${refusal.message}` }
  }
  return undefined
}

function systemRefusal(pod: AssignedPod, { operatingSystem }: AdmissionContext): Refusal | undefined {
  const label = pod.metadata.labels?.['kubernetes.io/os']
  if (label !== undefined && label !== operatingSystem) {
    const message = "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"
    return { reason: 'PodOSSelectorNodeLabelDoesNotMatch', message }
  }
  if (pod.spec.os && pod.spec.os.name !== operatingSystem) {
    return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
  }
  return undefined
}
