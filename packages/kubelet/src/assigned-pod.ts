import type { Container, EphemeralContainer, Pod, PodSpec } from '@treeline/api'
import type { ObjectMeta } from '@treeline/machinery'

/** A pod as an agent gets it: bound, named, with a uid. */
export interface AssignedPod extends Pod {
  readonly metadata: ObjectMeta & { name: string; namespace: string; uid: string }
  readonly spec: PodSpec & { nodeName: string }
}

/** Undefined for what no API server would send to an agent. */
export function assignedPod(pod: Pod): AssignedPod | undefined {
  const { name, namespace, uid } = pod.metadata
  return name && namespace && uid && pod.spec?.nodeName ? (pod as AssignedPod) : undefined
}

/** Whether an init container keeps running beside the app containers (KEP-753). */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

export type ContainerRole = 'init' | 'sidecar' | 'app' | 'ephemeral'

export interface SpecContainer {
  readonly container: Container
  readonly role: ContainerRole
  /** Of ephemeral containers: whose processes it wants to see. */
  readonly target?: string
}

/** Every container of the spec, in the order they start. */
export function containersOf(pod: AssignedPod): SpecContainer[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec
  return [
    ...initContainers.map((container): SpecContainer => ({ container, role: isSidecar(container) ? 'sidecar' : 'init' })),
    ...containers.map((container): SpecContainer => ({ container, role: 'app' })),
    ...ephemeralContainers.map(
      (container: EphemeralContainer): SpecContainer => ({ container, role: 'ephemeral', target: container.targetContainerName }),
    ),
  ]
}

export function containerNamed(pod: AssignedPod, name: string): SpecContainer | undefined {
  return containersOf(pod).find(({ container }) => container.name === name)
}

/** `name_namespace(uid)`, as messages name a pod. */
export function podLabel({ metadata: { name, namespace, uid } }: AssignedPod): string {
  return `${name}_${namespace}(${uid})`
}

export function isHostNetwork(pod: AssignedPod): boolean {
  return pod.spec.hostNetwork === true
}

/** Succeeded or Failed: the pod never runs again. */
export function isTerminal(pod: AssignedPod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}
