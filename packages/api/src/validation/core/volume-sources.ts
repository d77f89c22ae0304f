import { type FieldPath, Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { checkCsiDriverName } from '../csi-driver-name.js'
import { type Findings, forEachItem, requireText } from '../findings.js'
import { checkSubdomain } from '../names.js'
import { checkFileMode } from '../numbers.js'
import { pullPolicies } from './container.js'
import { checkKeyToPath } from './key-to-path.js'
import { checkClaimTemplate } from './persistent-volume-claim-spec.js'
import { checkDownwardFile, checkProjected } from './projected-volume.js'
import {
  checkAwsDisk,
  checkAzureDisk,
  checkAzureFile,
  checkCephFs,
  checkCinder,
  checkFibreChannel,
  checkFlex,
  checkFlocker,
  checkGcePersistentDisk,
  checkGitRepo,
  checkGlusterfs,
  checkHostPath,
  checkIscsi,
  checkNfs,
  checkPhotonDisk,
  checkPortworx,
  checkQuobyte,
  checkRbd,
  checkScaleIo,
  checkStorageOs,
  checkVsphere,
} from './volume-plugins.js'

type Volume = TypeOf<'core.v1.Volume'>
type SourceName = Exclude<keyof Volume, 'name'>

export interface SourceContext {
  /** Of a pod; a template may leave more open. */
  readonly isPod: boolean
  readonly anyTokenPath: boolean
}

/** One way to get a volume. Upstream's paths are not always the names of the fields. */
export interface SourceCheck {
  readonly name: SourceName
  readonly refusedAt?: string
  readonly checkedAt?: string
  readonly check?: (found: Findings, source: unknown, path: FieldPath, context: SourceContext) => void
}

function source<N extends SourceName>(
  name: N,
  check?: (found: Findings, source: NonNullable<Volume[N]>, path: FieldPath, context: SourceContext) => void,
  paths: Pick<SourceCheck, 'refusedAt' | 'checkedAt'> = {},
): SourceCheck {
  return { name, ...paths, ...(check && { check: check as NonNullable<SourceCheck['check']> }) }
}

/** In the order in which the first one given wins. */
export const volumeSources: readonly SourceCheck[] = [
  source('emptyDir', (found, { sizeLimit }, path) => {
    if (sizeLimit && Quantity.parse(sizeLimit).sign < 0) {
      found.forbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity')
    }
  }),
  source('hostPath', checkHostPath),
  source('gitRepo', checkGitRepo),
  source('gcePersistentDisk', checkGcePersistentDisk, { checkedAt: 'persistentDisk' }),
  source('awsElasticBlockStore', checkAwsDisk),
  source('secret', (found, { secretName, defaultMode, items }, path) => {
    requireText(found, secretName, path.child('secretName'))
    checkFiles(found, { defaultMode, items }, path)
  }),
  source('nfs', checkNfs),
  source('iscsi', checkIscsi),
  source('glusterfs', checkGlusterfs),
  source('flocker', checkFlocker),
  source('persistentVolumeClaim', (found, { claimName }, path) => requireText(found, claimName, path.child('claimName'))),
  source('rbd', checkRbd),
  source('cinder', checkCinder),
  source('cephfs', checkCephFs, { refusedAt: 'cephFS' }),
  source('quobyte', checkQuobyte),
  source(
    'downwardAPI',
    (found, { defaultMode, items }, path) => {
      checkFileMode(found, defaultMode, path.child('defaultMode'))
      for (const file of items ?? []) checkDownwardFile(found, file, path)
    },
    { refusedAt: 'downwarAPI' },
  ),
  source('fc', checkFibreChannel),
  source('flexVolume', checkFlex),
  source('configMap', (found, { name, defaultMode, items }, path) => {
    requireText(found, name, path.child('name'))
    checkFiles(found, { defaultMode, items }, path)
  }),
  source('azureFile', checkAzureFile),
  source('vsphereVolume', checkVsphere),
  source('photonPersistentDisk', checkPhotonDisk),
  source('portworxVolume', checkPortworx),
  source('azureDisk', checkAzureDisk),
  source('storageos', checkStorageOs),
  source('projected', (found, projected, path, { anyTokenPath }) => checkProjected(found, projected, path, anyTokenPath)),
  source('scaleIO', checkScaleIo),
  source('csi', (found, { driver, nodePublishSecretRef: secret }, path) => {
    checkCsiDriverName(found, driver, path.child('driver'))
    if (secret && !secret.name) found.required(path.child('nodePublishSecretRef', 'name'))
    else if (secret?.name) checkSubdomain(found, secret.name, path.child('name'))
  }),
  source('ephemeral', (found, { volumeClaimTemplate }, path) => {
    if (!volumeClaimTemplate) found.required(path.child('volumeClaimTemplate'))
    else checkClaimTemplate(found, volumeClaimTemplate, path.child('volumeClaimTemplate'))
  }),
  source('image', (found, { reference, pullPolicy }, path, { isPod }) => {
    if (isPod && !reference) found.required(path.child('reference'))
    if (!pullPolicy) found.required(path.child('pullPolicy'))
    else if (!pullPolicies.includes(pullPolicy)) found.notSupported(path.child('pullPolicy'), pullPolicy, pullPolicies)
  }),
]

interface Files {
  readonly defaultMode: number | undefined
  readonly items: TypeOf<'core.v1.KeyToPath'>[] | undefined
}

function checkFiles(found: Findings, { defaultMode, items }: Files, path: FieldPath): void {
  checkFileMode(found, defaultMode, path.child('defaultMode'))
  forEachItem(items, path.child('items'), (item, at) => checkKeyToPath(found, item, at))
}
