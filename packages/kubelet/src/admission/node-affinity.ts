import type { Node, NodeSelectorRequirement, NodeSelectorTerm } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { AdmissionContext, Refusal } from './admission.js'

/** Whether the node is one that the pod may be on. Without a node to look at, the scheduler is believed. */
export function affinityRefusal(pod: AssignedPod, { node }: AdmissionContext): Refusal | undefined {
  if (node === undefined || fits(pod, node)) return undefined
  return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" }
}

function fits({ spec }: AssignedPod, node: Node): boolean {
  const labels = node.metadata.labels ?? {}
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) if (labels[key] !== value) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, labels, node.metadata.name ?? ''))
}

function matchesTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  labels: Readonly<Record<string, string>>,
  name: string,
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchExpressions.every((requirement) =>
      matches(requirement, Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined),
    ) && matchFields.every((requirement) => requirement.key === 'metadata.name' && matches(requirement, name))
  )
}

function matches({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return Number.parseInt(value ?? '', 10) > Number(values[0])
    case 'Lt':
      return Number.parseInt(value ?? '', 10) < Number(values[0])
    default:
      return false
  }
}
