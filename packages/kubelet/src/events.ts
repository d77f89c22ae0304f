import type { Container } from '@treeline/api'
import type { EventRecorder } from '@treeline/client'
import { type AssignedPod, containersOf } from './assigned-pod.js'

/** Events about pods and about their containers, as users find them under `describe pod`. */
export interface PodEvents {
  pod(pod: AssignedPod, type: 'Normal' | 'Warning', reason: string, message: string): void
  container(pod: AssignedPod, container: Container, type: 'Normal' | 'Warning', reason: string, message: string): void
}

const sections = {
  init: 'spec.initContainers',
  sidecar: 'spec.initContainers',
  app: 'spec.containers',
  ephemeral: 'spec.ephemeralContainers',
}

export function podEvents(recorder: EventRecorder): PodEvents {
  return {
    pod: (pod, type, reason, message) => recorder.event(reference(pod), type, reason, message),
    container(pod, container, type, reason, message) {
      const role = containersOf(pod).find((other) => other.container.name === container.name)?.role ?? 'app'
      recorder.event(reference(pod), type, reason, message, { fieldPath: `${sections[role]}{${container.name}}` })
    },
  }
}

function reference({ metadata }: AssignedPod) {
  const { name, namespace, uid, resourceVersion } = metadata
  return { apiVersion: 'v1', kind: 'Pod', name, namespace, uid, resourceVersion }
}
