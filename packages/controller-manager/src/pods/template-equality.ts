import type { PodTemplateSpec } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import { podTemplateHashLabel } from './template-hash.js'

/** Equal but for the hash label, which the controllers add themselves, and for times that are null. */
export function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return deepEqual(a?.spec, b?.spec) && deepEqual(comparableMetadata(a), comparableMetadata(b))
}

function comparableMetadata(template: PodTemplateSpec | undefined): object {
  const { [podTemplateHashLabel]: _, ...labels } = template?.metadata?.labels ?? {}
  const { creationTimestamp, annotations = {}, ...rest } = template?.metadata ?? {}
  return { ...rest, ...(creationTimestamp && { creationTimestamp }), annotations, labels }
}
