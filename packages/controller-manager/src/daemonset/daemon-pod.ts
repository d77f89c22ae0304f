import { type Affinity, DaemonSet, type Pod, type PodSpec, type Toleration } from '@treeline/api'
import { controllerReference } from '../ownership/controller-ref.js'
import { podFromTemplate } from '../pods/pod-from-template.js'

export const hashLabel = 'controller-revision-hash'
const generationLabel = 'pod-template-generation'
const generationAnnotation = 'deprecated.daemonset.template.generation'
const nameField = 'metadata.name'

const toleration = (key: string, effect: 'NoExecute' | 'NoSchedule'): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect,
})
/** What every daemon bears with: a node in trouble needs its daemons the most. */
const borne = [
  toleration('not-ready', 'NoExecute'),
  toleration('unreachable', 'NoExecute'),
  toleration('disk-pressure', 'NoSchedule'),
  toleration('memory-pressure', 'NoSchedule'),
  toleration('pid-pressure', 'NoSchedule'),
  toleration('unschedulable', 'NoSchedule'),
]
const withoutNetwork = toleration('network-unavailable', 'NoSchedule')

/** The tolerations of the pods of a set. */
export function daemonTolerations(spec: PodSpec | undefined): Toleration[] {
  const added = spec?.hostNetwork ? [...borne, withoutNetwork] : borne
  const same = (a: Toleration, b: Toleration) => a.key === b.key && a.effect === b.effect && (a.operator ?? 'Equal') === b.operator
  const own = (spec?.tolerations ?? []).map((known) => added.find((other) => same(known, other)) ?? known)
  return [...own, ...added.filter((other) => !own.includes(other))]
}

/** The generation of the template, as the older API counted it. */
export function templateGeneration({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[generationAnnotation]
  return text !== undefined && /^[+-]?\d+$/.test(text) ? String(Number(text)) : undefined
}

/** A pod of the template, by hash or by generation. */
export function isUpdated(set: DaemonSet, pod: Pod, hash: string): boolean {
  const generation = templateGeneration(set)
  const labels = pod.metadata.labels ?? {}
  return labels[hashLabel] === hash || (generation !== undefined && labels[generationLabel] === generation)
}

/** The pod for a node; the scheduler puts it there by its affinity. */
export function daemonPod(set: DaemonSet, node: string, hash: string): Pod {
  const pod = podFromTemplate(set.spec?.template, set, controllerReference(DaemonSet, set))
  const generation = templateGeneration(set)
  const labels = { ...pod.metadata.labels, ...(generation !== undefined && { [generationLabel]: generation }), [hashLabel]: hash }
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: pod.spec && { ...pod.spec, tolerations: daemonTolerations(pod.spec), affinity: boundTo(pod.spec.affinity, node) },
  }
}

/** The affinity with its required terms replaced by one that names the node. */
function boundTo(affinity: Affinity | undefined, node: string): Affinity {
  const term = { matchFields: [{ key: nameField, operator: 'In' as const, values: [node] }] }
  return {
    ...affinity,
    nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  }
}

/** The node a pod is on, or is meant for. */
export function nodeOfPod({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName
  for (const { matchFields = [] } of spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ??
    []) {
    const named = matchFields.find(({ key, operator, values }) => key === nameField && operator === 'In' && values?.length === 1)
    if (named) return named.values?.[0]
  }
  return undefined
}
