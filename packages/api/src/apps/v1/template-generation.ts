import { deepEqual } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'

type DaemonSet = TypeOf<'apps.v1.DaemonSet'>

/** A field of former versions, which the server still counts. Always there, so that whoever writes an object owns it. */
export const templateGenerationAnnotation = 'deprecated.daemonset.template.generation'

/** New templates start at 1, or where the creator says. */
export function startTemplateGeneration(set: DaemonSet): void {
  write(set, Math.max(1, read(set)))
}

/** One more for every change of the template. */
export function countTemplateGeneration(set: DaemonSet, old: DaemonSet): void {
  write(set, read(old) + (deepEqual(set.spec?.template, old.spec?.template) ? 0 : 1))
}

const read = ({ metadata }: DaemonSet): number => Number.parseInt(metadata.annotations?.[templateGenerationAnnotation] ?? '0', 10) || 0

function write(set: DaemonSet, generation: number): void {
  set.metadata.annotations = { ...set.metadata.annotations, [templateGenerationAnnotation]: String(generation) }
}
