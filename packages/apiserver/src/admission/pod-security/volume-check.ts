import type { Volume } from '@treeline/api'
import { type Check, named, plural, quoted, sorted } from './finding.js'

const allowed = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
] as const

/** Volumes that reach past the cluster's own storage, in the order upstream tells them apart. */
const restricted = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
] as const

export const restrictedVolumes: Check = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => !allowed.some((type) => volume[type]))
  if (bad.length === 0) return undefined
  const types = sorted(bad.map(typeOf))
  const volumes = named(
    'volume',
    bad.map(({ name }) => name),
  )
  const use = bad.length === 1 ? 'uses' : 'use'
  return {
    reason: 'restricted volume types',
    detail: `${volumes} ${use} ${plural('restricted volume type', types.length)} ${quoted(types)}`,
  }
}

const typeOf = (volume: Volume): string => restricted.find((type) => volume[type]) ?? 'unknown'
