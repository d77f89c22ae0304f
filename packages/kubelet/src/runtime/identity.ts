import type { Container } from '@treeline/api'
import { fnv32a } from '@treeline/machinery'
import type { AssignedPod } from '../assigned-pod.js'

/** Labels and annotations of sandboxes and containers: what an agent finds its pods by after a restart. */
export const podNameLabel = 'io.kubernetes.pod.name'
export const podNamespaceLabel = 'io.kubernetes.pod.namespace'
export const podUidLabel = 'io.kubernetes.pod.uid'
export const containerNameLabel = 'io.kubernetes.container.name'

const annotation = {
  hash: 'io.kubernetes.container.hash',
  restartCount: 'io.kubernetes.container.restartCount',
  terminationMessagePath: 'io.kubernetes.container.terminationMessagePath',
  terminationMessagePolicy: 'io.kubernetes.container.terminationMessagePolicy',
  ports: 'io.kubernetes.container.ports',
  preStopHandler: 'io.kubernetes.container.preStopHandler',
  terminationGracePeriod: 'io.kubernetes.pod.terminationGracePeriod',
  deletionGracePeriod: 'io.kubernetes.pod.deletionGracePeriod',
} as const

type Strings = Readonly<Record<string, string>>

export function sandboxLabels(pod: AssignedPod): Record<string, string> {
  const { name, namespace, uid, labels } = pod.metadata
  return { ...labels, [podNameLabel]: name, [podNamespaceLabel]: namespace, [podUidLabel]: uid }
}

export function containerLabels(pod: AssignedPod, container: Container): Record<string, string> {
  const { name, namespace, uid } = pod.metadata
  return { [podNameLabel]: name, [podNamespaceLabel]: namespace, [podUidLabel]: uid, [containerNameLabel]: container.name }
}

/** Enough to report on, restart and stop the container properly when its spec is no longer known. */
export function containerAnnotations(pod: AssignedPod, container: Container, restartCount: number): Record<string, string> {
  const optional: [string, string | undefined][] = [
    [annotation.terminationGracePeriod, numberText(pod.spec.terminationGracePeriodSeconds)],
    [annotation.deletionGracePeriod, numberText(pod.metadata.deletionGracePeriodSeconds)],
    [annotation.preStopHandler, container.lifecycle?.preStop && JSON.stringify(container.lifecycle.preStop)],
    [annotation.ports, container.ports && container.ports.length > 0 ? JSON.stringify(container.ports) : undefined],
  ]
  return {
    [annotation.hash]: containerHash(container),
    [annotation.restartCount]: String(restartCount),
    [annotation.terminationMessagePath]: container.terminationMessagePath ?? '',
    [annotation.terminationMessagePolicy]: container.terminationMessagePolicy ?? 'File',
    ...Object.fromEntries(optional.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  }
}

/** Changes exactly when the container has to be replaced: name and image are all that the API lets change. */
export function containerHash({ name, image }: Container): string {
  return fnv32a(JSON.stringify({ image, name })).toString(16)
}

/** What a container's annotations remember of the spec it was made from. */
export interface RememberedContainer {
  readonly hash: string | undefined
  readonly restartCount: number
  readonly terminationMessagePath: string
  readonly terminationMessagePolicy: string
  /** Seconds. */
  readonly terminationGracePeriod: number | undefined
  readonly preStopHandler: string | undefined
}

export function remembered(annotations: Strings): RememberedContainer {
  const grace = annotations[annotation.terminationGracePeriod]
  return {
    hash: annotations[annotation.hash],
    restartCount: Number(annotations[annotation.restartCount] ?? 0) || 0,
    terminationMessagePath: annotations[annotation.terminationMessagePath] ?? '',
    terminationMessagePolicy: annotations[annotation.terminationMessagePolicy] ?? 'File',
    terminationGracePeriod: grace === undefined ? undefined : Number(grace),
    preStopHandler: annotations[annotation.preStopHandler],
  }
}

function numberText(value: number | null | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}
