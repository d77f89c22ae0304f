import type { KubernetesObject } from '@treeline/machinery'

/** `RWO,ROX`: each mode once, in upstream's order. */
export function accessModesCell(modes: readonly string[] | undefined): string {
  return [...abbreviations].flatMap(([mode, abbreviation]) => (modes?.includes(mode) ? [abbreviation] : [])).join(',')
}

const abbreviations: ReadonlyMap<string, string> = new Map([
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
])

/** The class of a volume or claim; an annotation came before the field and still wins. */
export function storageClassOf({ metadata }: KubernetesObject, className: string | undefined): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? className ?? ''
}
