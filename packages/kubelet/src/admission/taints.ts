import type { Taint, Toleration } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { AdmissionContext, Refusal } from './admission.js'

/** A pod that the node's NoExecute taints would evict at once does not start. */
export function taintRefusal(pod: AssignedPod, { node }: AdmissionContext): Refusal | undefined {
  const bad = (node?.spec?.taints ?? []).find(
    (taint) => taint.effect === 'NoExecute' && !(pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  )
  return bad === undefined
    ? undefined
    : { reason: 'TaintToleration', message: "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate" }
}

function tolerates({ key = '', operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key === '') return operator === 'Exists'
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''))
}
