import type { DefaultsTable } from '../../../declaration/defaults.js'
import { imageTag } from '../image-tag.js'

/** rw-r--r--, in decimal as JSON has it. */
const readableByAll = 0o644

export const volumeDefaults: DefaultsTable = {
  'core.v1.Volume': (volume) => {
    if (!Object.keys(volume).some((name) => name !== 'name')) volume.emptyDir = {}
    const { image } = volume
    if (image) image.pullPolicy ||= imageTag(image.reference ?? '') === 'latest' ? 'Always' : 'IfNotPresent'
  },
  'core.v1.SecretVolumeSource': { defaultMode: readableByAll },
  'core.v1.ConfigMapVolumeSource': { defaultMode: readableByAll },
  'core.v1.DownwardAPIVolumeSource': { defaultMode: readableByAll },
  'core.v1.ProjectedVolumeSource': { defaultMode: readableByAll },
  'core.v1.ServiceAccountTokenProjection': { expirationSeconds: 3600 },
  'core.v1.HostPathVolumeSource': { type: '' },
  'core.v1.PersistentVolume': (volume) => {
    volume.status ??= {}
    volume.status.phase ||= 'Pending'
    volume.spec ??= {}
    volume.spec.persistentVolumeReclaimPolicy ||= 'Retain'
    volume.spec.volumeMode ??= 'Filesystem'
  },
  'core.v1.PersistentVolumeClaim': (claim) => {
    claim.status ??= {}
    claim.status.phase ||= 'Pending'
  },
  'core.v1.PersistentVolumeClaimSpec': { volumeMode: 'Filesystem' },
}
