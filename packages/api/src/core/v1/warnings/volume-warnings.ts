import { type FieldPath, type ObjectMeta, Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../../declaration/type-of.js'

type Volume = TypeOf<'core.v1.Volume'>
type Plugins = Partial<Record<keyof TypeOf<'core.v1.VolumeSource'>, unknown>>

/** Volume plug-ins that are gone, or on their way out. */
const formerPlugins: readonly (readonly [field: keyof Plugins, shown: string, text: string])[] = [
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

/** Texts for the volumes of a pod. */
export function volumeWarnings(volumes: readonly Volume[], path: FieldPath): string[] {
  return volumes.flatMap((volume, index) => {
    const at = path.index(index)
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec
    return [...formerVolumePlugins(volume, at), ...claimWarnings(claim, at.child('ephemeral').child('volumeClaimTemplate').child('spec'))]
  })
}

/** Texts for the spec of a claim, or of a template of claims. */
export function claimWarnings(spec: TypeOf<'core.v1.PersistentVolumeClaimSpec'> | undefined, path: FieldPath): string[] {
  return (['requests', 'limits'] as const).flatMap((which) => {
    const amount = spec?.resources?.[which]?.['storage']
    if (amount === undefined) return []
    const quantity = Quantity.parse(amount)
    if (quantity.scaledValue(-3) % 1000n === 0n) return []
    return [`${path.child('resources').child(which).key('storage')}: fractional byte value "${quantity}" is invalid, must be an integer`]
  })
}

/** Texts for plug-ins a volume names. */
export function formerVolumePlugins(source: Plugins, path: FieldPath): string[] {
  return formerPlugins.flatMap(([field, shown, text]) => (source[field] ? [`${path.child(shown)}: ${text}`] : []))
}

export const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

const formerAnnotations: Readonly<Record<string, string>> = {
  [classAnnotation]: 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
}

/** Texts for annotations that became fields. */
export function volumeAnnotationWarnings({ annotations }: ObjectMeta, names = Object.keys(formerAnnotations)): string[] {
  return names.flatMap((name) => (annotations?.[name] === undefined ? [] : [`metadata.annotations[${name}]: ${formerAnnotations[name]}`]))
}
