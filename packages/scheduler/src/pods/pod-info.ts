import type { Pod } from '@treeline/api'
import { type AffinityTerm, affinityTerm } from './affinity-term.js'
import { podRequest, type Resources } from './resources.js'

/** A pod and what placing it needs, computed once per version of the pod. */
export interface PodInfo {
  readonly pod: Pod
  /** `namespace/name` */
  readonly key: string
  readonly uid: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  readonly priority: number
  readonly request: Resources
  /** Counts containers without requests at a floor; for scoring only. */
  readonly assumedRequest: Resources
  readonly hostPorts: readonly HostPort[]
  readonly requiredAffinity: readonly AffinityTerm[]
  readonly requiredAntiAffinity: readonly AffinityTerm[]
  readonly preferredAffinity: readonly AffinityTerm[]
  readonly preferredAntiAffinity: readonly AffinityTerm[]
}

export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

const known = new WeakMap<Pod, PodInfo>()
const none: readonly never[] = []

export function podInfo(pod: Pod): PodInfo {
  let info = known.get(pod)
  if (!info) {
    info = computePodInfo(pod)
    known.set(pod, info)
  }
  return info
}

function computePodInfo(pod: Pod): PodInfo {
  const namespace = pod.metadata.namespace ?? ''
  const affinity = pod.spec?.affinity
  const required = (terms: readonly Parameters<typeof affinityTerm>[0][] | undefined): readonly AffinityTerm[] =>
    terms?.map((term) => affinityTerm(term, namespace, 0)) ?? none
  const preferred = (
    terms: readonly { weight: number; podAffinityTerm: Parameters<typeof affinityTerm>[0] }[] | undefined,
  ): readonly AffinityTerm[] => terms?.map((term) => affinityTerm(term.podAffinityTerm, namespace, term.weight)) ?? none
  return {
    pod,
    key: `${namespace}/${pod.metadata.name}`,
    uid: pod.metadata.uid ?? '',
    namespace,
    labels: pod.metadata.labels ?? {},
    priority: pod.spec?.priority ?? 0,
    request: podRequest(pod),
    assumedRequest: podRequest(pod, true),
    hostPorts: hostPorts(pod),
    requiredAffinity: required(affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: preferred(affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: preferred(affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  }
}

export function hasAffinity(info: PodInfo): boolean {
  return (
    info.requiredAffinity.length + info.requiredAntiAffinity.length + info.preferredAffinity.length + info.preferredAntiAffinity.length > 0
  )
}

function hostPorts(pod: Pod): readonly HostPort[] {
  const found: HostPort[] = []
  const containers = [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always'),
  ]
  for (const container of containers)
    for (const port of container.ports ?? [])
      if (port.hostPort) found.push({ ip: port.hostIP || '0.0.0.0', protocol: port.protocol ?? 'TCP', port: port.hostPort })
  return found.length > 0 ? found : none
}

/** Finished pods hold nothing on their node. */
export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}
