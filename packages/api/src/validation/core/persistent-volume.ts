import { FieldPath, Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkCsiDriverName } from '../csi-driver-name.js'
import { specDifference } from '../difference.js'
import { type Findings, findingsOf, requireText } from '../findings.js'
import { checkImmutable, sameValue } from '../immutable.js'
import { checkSubdomain, requireLabel, requireSubdomain } from '../names.js'
import { checkBasicAmount, checkPositiveQuantity } from '../quantities.js'
import { checkNodeSelector, hasInvalidValues } from './node-selector.js'
import { checkAccessModes, volumeModes } from './persistent-volume-claim-spec.js'
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
  checkGlusterfs,
  checkHostPath,
  checkIscsiInitiator,
  checkIscsiTarget,
  checkLocal,
  checkNfs,
  checkPhotonDisk,
  checkPortworx,
  checkQuobyte,
  checkRbd,
  checkScaleIo,
  checkStorageOs,
  checkVsphere,
} from './volume-plugins.js'

type PersistentVolume = TypeOf<'core.v1.PersistentVolume'>
type VolumeSpec = TypeOf<'core.v1.PersistentVolumeSpec'>
type SourceName = Exclude<keyof TypeOf<'core.v1.PersistentVolumeSource'>, never>

const root = FieldPath.root('spec')
const path = root

export const persistentVolumeValidation: Validation<PersistentVolume> = {
  validate: (volume) => findingsOf((found) => checkVolume(found, volume, false)),
  validateUpdate: (volume, old) =>
    findingsOf((found) => {
      checkVolume(found, volume, hasInvalidValues(old.spec?.nodeAffinity?.required))
      checkChange(found, volume.spec ?? {}, old.spec ?? {})
    }),
}

const reclaimPolicies = ['Delete', 'Recycle', 'Retain']

function checkVolume(found: Findings, { metadata, spec = {} }: PersistentVolume, anyNodeValue: boolean): void {
  if (!spec.accessModes?.length) found.required(path.child('accessModes'))
  checkAccessModes(found, spec.accessModes, path.child('accessModes'))
  checkCapacity(found, spec.capacity ?? {}, path.child('capacity'))
  const { persistentVolumeReclaimPolicy: reclaim, nodeAffinity, volumeMode, volumeAttributesClassName } = spec
  const reclaimPath = path.child('persistentVolumeReclaimPolicy')
  if (reclaim && !reclaimPolicies.includes(reclaim)) found.notSupported(reclaimPath, reclaim, reclaimPolicies)
  if (nodeAffinity?.required) checkNodeSelector(found, nodeAffinity.required, path.child('nodeAffinity', 'required'), anyNodeValue)
  else if (nodeAffinity) found.required(path.child('nodeAffinity', 'required'), 'must specify required node constraints')
  checkSource(found, spec, metadata.name ?? '')
  if (spec.hostPath && /^\/+(\.\/*)*$/.test(spec.hostPath.path) && reclaim === 'Recycle') {
    found.forbidden(reclaimPath, "may not be 'recycle' for a hostPath mount of '/'")
  }
  if (spec.storageClassName) checkSubdomain(found, spec.storageClassName, path.child('storageClassName'))
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode)) found.notSupported(path.child('volumeMode'), volumeMode, volumeModes)
  if (volumeAttributesClassName === undefined) return
  const at = path.child('volumeAttributesClassName')
  if (volumeAttributesClassName === '') found.required(at, 'an empty string is disallowed')
  else checkSubdomain(found, volumeAttributesClassName, at)
  if (!spec.csi) found.required(path.child('csi'), 'has to be specified when using volumeAttributesClassName')
}

function checkCapacity(found: Findings, capacity: Readonly<Record<string, string>>, at: FieldPath): void {
  const names = Object.keys(capacity)
  if (names.length === 0) found.required(at)
  if (capacity['storage'] === undefined || names.length > 1) found.notSupported(at, names.length === 0 ? null : capacity, ['storage'])
  for (const [name, amount] of Object.entries(capacity)) {
    checkBasicAmount(found, amount, at.key(name))
    checkPositiveQuantity(found, Quantity.parse(amount), at.key(name))
  }
}

interface SourceCheck {
  readonly name: SourceName
  readonly refusedAt?: string
  readonly checkedAt?: string
  readonly check: (found: Findings, source: unknown, path: FieldPath, volumeName: string) => void
}

function source<N extends SourceName>(
  name: N,
  check: (found: Findings, source: NonNullable<VolumeSpec[N]>, path: FieldPath, volumeName: string) => void,
  paths: Pick<SourceCheck, 'refusedAt' | 'checkedAt'> = {},
): SourceCheck {
  return { name, ...paths, check: check as SourceCheck['check'] }
}

/** In the order in which the first one given wins. */
const sources: readonly SourceCheck[] = [
  source('hostPath', checkHostPath),
  source('gcePersistentDisk', checkGcePersistentDisk, { checkedAt: 'persistentDisk' }),
  source('awsElasticBlockStore', checkAwsDisk),
  source('glusterfs', (found, glusterfs, at) => {
    checkGlusterfs(found, glusterfs, at)
    const namespace = glusterfs.endpointsNamespace
    if (namespace === '') {
      found.invalid(at.child('endpointsNamespace'), namespace, 'if the endpointnamespace is set, it must be a valid namespace name')
    } else if (namespace !== undefined) requireLabel(found, namespace, at.child('endpointsNamespace'))
  }),
  source('flocker', checkFlocker),
  source('nfs', checkNfs),
  source('rbd', checkRbd),
  source('quobyte', checkQuobyte),
  source('cephfs', checkCephFs, { refusedAt: 'cephFS' }),
  source('iscsi', checkIscsiVolume),
  source('cinder', (found, cinder, at) => {
    checkCinder(found, cinder, at)
    if (cinder.secretRef) requireText(found, cinder.secretRef.namespace, at.child('secretRef', 'namespace'))
  }),
  source('fc', checkFibreChannel),
  source('flexVolume', checkFlex),
  source('azureFile', (found, azureFile, at) => {
    checkAzureFile(found, azureFile, at)
    if (azureFile.secretNamespace === '') found.required(at.child('secretNamespace'))
  }),
  source('vsphereVolume', checkVsphere),
  source('photonPersistentDisk', checkPhotonDisk),
  source('portworxVolume', checkPortworx),
  source('azureDisk', checkAzureDisk),
  source('scaleIO', checkScaleIo),
  source('local', checkLocal),
  source('storageos', (found, storageos, at) => {
    checkStorageOs(found, storageos, at)
    if (storageos.secretRef) requireText(found, storageos.secretRef.namespace, at.child('secretRef', 'namespace'))
  }),
  source('csi', checkCsiVolume),
]

function checkSource(found: Findings, spec: VolumeSpec, volumeName: string, path: FieldPath = root): void {
  let given = 0
  for (const { name, refusedAt = name, checkedAt = name, check } of sources) {
    const value = spec[name]
    if (!value) continue
    // Upstream lets a flexVolume stand beside another source.
    if (given > 0 && name !== 'flexVolume') found.forbidden(path.child(refusedAt), 'may not specify more than 1 volume type')
    else {
      check(found, value, path.child(checkedAt), volumeName)
      if (name === 'local' && !spec.nodeAffinity) found.required(path.child('nodeAffinity'), 'Local volume requires node affinity')
    }
    given++
  }
  if (given === 0) found.required(path, 'must specify a volume type')
}

const longestIscsiName = 64
const wrongIscsiName = 'must be valid format'

function checkIscsiVolume(found: Findings, iscsi: TypeOf<'core.v1.ISCSIPersistentVolumeSource'>, at: FieldPath, volumeName: string): void {
  requireText(found, iscsi.targetPortal, at.child('targetPortal'))
  if (iscsi.initiatorName !== undefined && Buffer.byteLength(`${volumeName}:${iscsi.targetPortal}`) > longestIscsiName) {
    found.invalid(
      at.child('targetportal'),
      iscsi.targetPortal,
      'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
    )
  }
  checkIscsiTarget(found, iscsi, at, wrongIscsiName)
  if (iscsi.secretRef) requireText(found, iscsi.secretRef.name, at.child('secretRef', 'name'))
  checkIscsiInitiator(found, iscsi, at, wrongIscsiName)
}

const csiSecrets = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const

function checkCsiVolume(found: Findings, csi: TypeOf<'core.v1.CSIPersistentVolumeSource'>, at: FieldPath): void {
  checkCsiDriverName(found, csi.driver, at.child('driver'))
  requireText(found, csi.volumeHandle, at.child('volumeHandle'))
  for (const name of csiSecrets) {
    const secret = csi[name]
    if (!secret) continue
    requireSubdomain(found, secret.name, at.child(name, 'name'))
    requireLabel(found, secret.namespace, at.child(name, 'namespace'))
  }
}

/** Where a volume comes from stays as it is, but for a secret that may be added later. */
function checkChange(found: Findings, spec: VolumeSpec, old: VolumeSpec): void {
  const compared = sourceOf(spec)
  if (old.csi && !old.csi.controllerExpandSecretRef && spec.csi) compared['csi'] = { ...spec.csi, controllerExpandSecretRef: undefined }
  const reference = sourceOf(old)
  if (!sameValue(compared, reference)) {
    found.forbidden(
      path.child('persistentvolumesource'),
      `spec.persistentvolumesource is immutable after creation\n${specDifference(reference, compared)}`,
    )
  }
  checkImmutable(found, spec.volumeMode, old.volumeMode, FieldPath.root('volumeMode'))
  if (old.nodeAffinity) checkNodeAffinity(found, spec, old.nodeAffinity)
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) {
    found.forbidden(path.child('volumeAttributesClassName'), 'update from non-nil value to nil is forbidden')
  }
}

function sourceOf(spec: VolumeSpec): Record<string, unknown> {
  return Object.fromEntries(sources.filter(({ name }) => spec[name] !== undefined).map(({ name }) => [name, spec[name]]))
}

/** Labels of nodes that got another name when they became stable. */
const stableLabels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
}

function checkNodeAffinity(found: Findings, { nodeAffinity }: VolumeSpec, old: NonNullable<VolumeSpec['nodeAffinity']>): void {
  if (sameValue(nodeAffinity, old) || sameValue(nodeAffinity, withStableLabels(old, nodeAffinity))) return
  found.invalid(
    FieldPath.root('nodeAffinity'),
    nodeAffinity ? printedAffinity(nodeAffinity) : null,
    'field is immutable, except for updating from beta label to GA',
  )
}

type VolumeNodeAffinity = NonNullable<VolumeSpec['nodeAffinity']>

/** The old affinity with those labels renamed that the new one has renamed. */
function withStableLabels(old: VolumeNodeAffinity, changed: VolumeNodeAffinity | undefined): VolumeNodeAffinity {
  const terms = (old.required?.nodeSelectorTerms ?? []).map((term, t) => ({
    ...term,
    ...(term.matchExpressions && {
      matchExpressions: term.matchExpressions.map((requirement, r) => {
        const key = changed?.required?.nodeSelectorTerms?.[t]?.matchExpressions?.[r]?.key
        return key !== undefined && stableLabels[requirement.key] === key ? { ...requirement, key } : requirement
      }),
    }),
  }))
  return { ...old, required: { ...old.required, nodeSelectorTerms: terms } }
}

function printedAffinity({ required }: VolumeNodeAffinity): object {
  const requirements = (list: readonly TypeOf<'core.v1.NodeSelectorRequirement'>[] | undefined) =>
    list?.map(({ key, operator, values }) => ({ Key: key, Operator: operator, Values: values ?? null })) ?? null
  return {
    Required: required
      ? {
          NodeSelectorTerms: (required.nodeSelectorTerms ?? []).map(({ matchExpressions, matchFields }) => ({
            MatchExpressions: requirements(matchExpressions),
            MatchFields: requirements(matchFields),
          })),
        }
      : null,
  }
}

/** A volume that is attached without an object of its own: one of a CSI driver, with little else said. */
export function checkInlineVolume(found: Findings, spec: VolumeSpec, at: FieldPath): void {
  const refuse = (field: string) => found.forbidden(at.child(field), 'may not be specified in the context of inline volumes')
  if (spec.claimRef) refuse('claimRef')
  if (Object.keys(spec.capacity ?? {}).length > 0) refuse('capacity')
  if (!spec.csi) found.required(at.child('csi'), 'has to be specified in the context of inline volumes')
  if (!spec.accessModes?.length) found.required(at.child('accessModes'))
  checkAccessModes(found, spec.accessModes, at.child('accessModes'))
  const reclaim = spec.persistentVolumeReclaimPolicy
  if (reclaim && reclaim !== 'Retain') {
    found.forbidden(at.child('persistentVolumeReclaimPolicy'), 'may only be Retain in the context of inline volumes')
  }
  if (spec.nodeAffinity) refuse('nodeAffinity')
  checkSource(found, spec, '', at)
  if (spec.storageClassName) refuse('storageClassName')
  if (spec.volumeMode !== undefined && spec.volumeMode !== 'Filesystem') {
    found.forbidden(at.child('volumeMode'), 'may not specify volumeMode other than Filesystem in the context of inline volumes')
  }
}
