import type { ControllerRevision, PodTemplateSpec } from '@treeline/api'
import { deepCopy } from '@treeline/machinery'

/** What a ControllerRevision keeps of a StatefulSet or DaemonSet: a patch that sets its pod template. */
export function templatePatch(template: PodTemplateSpec | undefined): object {
  return { spec: { template: { ...template, $patch: 'replace' } } }
}

/** The pod template a revision keeps. */
export function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const data = revision.data as { spec?: { template?: PodTemplateSpec & { $patch?: string } } } | undefined
  const { $patch: _, ...template } = data?.spec?.template ?? {}
  return deepCopy(template) as PodTemplateSpec
}
