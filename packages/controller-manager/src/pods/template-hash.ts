import type { PodTemplateSpec } from '@treeline/api'
import { fnv32a, safeEncode } from '@treeline/machinery'

/** The label that tells the pods of one template from those of another. */
export const podTemplateHashLabel = 'pod-template-hash'

/** A short name for a template, stable under reordering of keys; `collisions` gives another one for the same template. */
export function templateHash(template: PodTemplateSpec | undefined, collisions: number | undefined): string {
  return hashOf(template ?? {}, collisions)
}

/** The same for any JSON value. */
export function hashOf(value: unknown, collisions: number | undefined): string {
  const text = sorted(value) + (collisions === undefined ? '' : `#${collisions}`)
  return safeEncode(String(fnv32a(text)))
}

/** JSON with sorted keys. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${sorted(member)}`).join(',')}}`
}
