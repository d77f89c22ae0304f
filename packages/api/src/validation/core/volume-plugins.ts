import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, requireText } from '../findings.js'
import { checkLabel } from '../names.js'
import { checkRange } from '../numbers.js'
import { checkDescendingPath, checkNoBacksteps } from './file-paths.js'

/** Where volumes come from: checks that sources of pods and of persistent volumes share. */

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']

export function checkHostPath(found: Findings, source: TypeOf<'core.v1.HostPathVolumeSource'>, path: FieldPath): void {
  if (!source.path) {
    found.required(path.child('path'))
    return
  }
  checkNoBacksteps(found, source.path, path.child('path'))
  if (source.type !== undefined && !hostPathTypes.includes(source.type)) found.notSupported(path.child('type'), source.type, hostPathTypes)
}

export function checkLocal(found: Findings, source: TypeOf<'core.v1.LocalVolumeSource'>, path: FieldPath): void {
  if (!source.path) {
    found.required(path.child('path'))
    return
  }
  checkNoBacksteps(found, source.path, path.child('path'))
}

export function checkGitRepo(found: Findings, source: TypeOf<'core.v1.GitRepoVolumeSource'>, path: FieldPath): void {
  requireText(found, source.repository, path.child('repository'))
  checkDescendingPath(found, source.directory ?? '', path.child('directory'))
}

function checkPartition(found: Findings, partition: number | undefined, path: FieldPath): void {
  if (partition !== undefined && (partition < 0 || partition > 255)) {
    found.invalid(path.child('partition'), partition, 'must be between 1 and 255, inclusive')
  }
}

export function checkGcePersistentDisk(
  found: Findings,
  { pdName, partition }: TypeOf<'core.v1.GCEPersistentDiskVolumeSource'>,
  path: FieldPath,
): void {
  requireText(found, pdName, path.child('pdName'))
  checkPartition(found, partition, path)
}

export function checkAwsDisk(
  found: Findings,
  { volumeID, partition }: TypeOf<'core.v1.AWSElasticBlockStoreVolumeSource'>,
  path: FieldPath,
): void {
  requireText(found, volumeID, path.child('volumeID'))
  checkPartition(found, partition, path)
}

export function checkNfs(found: Findings, source: TypeOf<'core.v1.NFSVolumeSource'>, path: FieldPath): void {
  requireText(found, source.server, path.child('server'))
  requireText(found, source.path, path.child('path'))
  if (!source.path?.startsWith('/')) found.invalid(path.child('path'), source.path ?? '', 'must be an absolute path')
}

interface Iscsi {
  readonly targetPortal: string
  readonly iqn: string
  readonly lun: number
  readonly chapAuthDiscovery?: boolean
  readonly chapAuthSession?: boolean
  readonly secretRef?: object
  readonly initiatorName?: string
}

const qualifiedNames: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
}

const wrongStart = 'must be valid format starting with iqn, eui, or naa'

export function checkIscsi(found: Findings, source: Iscsi, path: FieldPath): void {
  requireText(found, source.targetPortal, path.child('targetPortal'))
  checkIscsiTarget(found, source, path, wrongStart)
  checkIscsiInitiator(found, source, path, wrongStart)
}

/** All but the portal and the side that connects, which persistent volumes check in a way of their own. */
export function checkIscsiTarget(found: Findings, source: Iscsi, path: FieldPath, wrongPrefix: string): void {
  if (!source.iqn) found.required(path.child('iqn'))
  else checkQualified(found, source.iqn, path.child('iqn'), wrongPrefix)
  checkRange(found, source.lun, 0, 255, path.child('lun'))
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) found.required(path.child('secretRef'))
}

/** Name of the side that connects. */
export function checkIscsiInitiator(found: Findings, { initiatorName }: Iscsi, path: FieldPath, wrongPrefix: string): void {
  if (initiatorName !== undefined) checkQualified(found, initiatorName, path.child('initiatorname'), wrongPrefix)
}

function checkQualified(found: Findings, name: string, path: FieldPath, wrongPrefix: string): void {
  const format = qualifiedNames[name.slice(0, 3)]
  if (!format) found.invalid(path, name, wrongPrefix)
  else if (!format.test(name)) found.invalid(path, name, 'must be valid format')
}

export function checkFibreChannel(
  found: Findings,
  { targetWWNs = [], wwids = [], lun }: TypeOf<'core.v1.FCVolumeSource'>,
  path: FieldPath,
): void {
  const at = path.child('targetWWNs')
  if (targetWWNs.length === 0 && wwids.length === 0) found.required(at, 'must specify either targetWWNs or wwids, but not both')
  if (targetWWNs.length > 0 && wwids.length > 0) {
    found.invalid(at, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously')
  }
  if (targetWWNs.length === 0) return
  if (lun === undefined) found.required(path.child('lun'), 'lun is required if targetWWNs is specified')
  else checkRange(found, lun, 0, 255, path.child('lun'))
}

const registryForm = 'must be a host:port pair or multiple pairs separated by commas'

export function checkQuobyte(found: Findings, { registry, tenant, volume }: TypeOf<'core.v1.QuobyteVolumeSource'>, path: FieldPath): void {
  if (!registry) found.required(path.child('registry'), registryForm)
  else if (Buffer.byteLength(tenant ?? '') >= 65) {
    found.required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters')
  } else {
    for (const pair of registry.split(',')) {
      if (!/^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair)) found.invalid(path.child('registry'), registry, registryForm)
    }
  }
  requireText(found, volume, path.child('volume'))
}

export function checkGlusterfs(found: Findings, source: { endpoints: string; path: string }, path: FieldPath): void {
  requireText(found, source.endpoints, path.child('endpoints'))
  requireText(found, source.path, path.child('path'))
}

export function checkFlocker(found: Findings, { datasetName, datasetUUID }: TypeOf<'core.v1.FlockerVolumeSource'>, path: FieldPath): void {
  if (!datasetName && !datasetUUID) found.required(path, 'one of datasetName and datasetUUID is required')
  if (datasetName && datasetUUID) found.invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously')
  if (datasetName?.includes('/')) found.invalid(path.child('datasetName'), datasetName, "must not contain '/'")
}

export function checkRbd(found: Findings, { monitors, image }: { monitors: readonly string[]; image: string }, path: FieldPath): void {
  if (!monitors?.length) found.required(path.child('monitors'))
  requireText(found, image, path.child('image'))
}

export function checkCephFs(found: Findings, { monitors }: { monitors: readonly string[] }, path: FieldPath): void {
  if (!monitors?.length) found.required(path.child('monitors'))
}

interface SecretRef {
  readonly name?: string
  readonly namespace?: string
}

export function checkCinder(found: Findings, { volumeID, secretRef }: { volumeID: string; secretRef?: SecretRef }, path: FieldPath): void {
  requireText(found, volumeID, path.child('volumeID'))
  if (secretRef) requireText(found, secretRef.name, path.child('secretRef', 'name'))
}

const reserved = /(^|\.)(kubernetes|k8s)\.io$/i

export function checkFlex(
  found: Findings,
  { driver, options }: { driver: string; options?: Readonly<Record<string, string>> },
  path: FieldPath,
): void {
  requireText(found, driver, path.child('driver'))
  for (const key of Object.keys(options ?? {})) {
    if (reserved.test(key.split('/')[0] ?? '')) {
      found.invalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved')
    }
  }
}

export function checkAzureFile(
  found: Findings,
  { secretName, shareName }: { secretName: string; shareName: string },
  path: FieldPath,
): void {
  requireText(found, secretName, path.child('secretName'))
  requireText(found, shareName, path.child('shareName'))
}

const cachingModes = ['None', 'ReadOnly', 'ReadWrite']
const diskKinds = ['Dedicated', 'Managed', 'Shared']
const managedDisk = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'
const blobDisk = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'

export function checkAzureDisk(found: Findings, disk: TypeOf<'core.v1.AzureDiskVolumeSource'>, path: FieldPath): void {
  const { diskName, diskURI = '', cachingMode, kind } = disk
  requireText(found, diskName, path.child('diskName'))
  requireText(found, diskURI, path.child('diskURI'))
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode)) {
    found.notSupported(path.child('cachingMode'), cachingMode, cachingModes)
  }
  if (kind === undefined) return
  if (!diskKinds.includes(kind)) found.notSupported(path.child('kind'), kind, diskKinds)
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) found.notSupported(path.child('diskURI'), diskURI, [managedDisk])
  if (kind !== 'Managed' && !diskURI.startsWith('https://')) found.notSupported(path.child('diskURI'), diskURI, [blobDisk])
}

export function checkVsphere(found: Findings, { volumePath }: TypeOf<'core.v1.VsphereVirtualDiskVolumeSource'>, path: FieldPath): void {
  requireText(found, volumePath, path.child('volumePath'))
}

export function checkPhotonDisk(found: Findings, { pdID }: TypeOf<'core.v1.PhotonPersistentDiskVolumeSource'>, path: FieldPath): void {
  requireText(found, pdID, path.child('pdID'))
}

export function checkPortworx(found: Findings, { volumeID }: TypeOf<'core.v1.PortworxVolumeSource'>, path: FieldPath): void {
  requireText(found, volumeID, path.child('volumeID'))
}

export function checkScaleIo(found: Findings, source: { gateway: string; system: string; volumeName?: string }, path: FieldPath): void {
  for (const name of ['gateway', 'system', 'volumeName'] as const) requireText(found, source[name], path.child(name))
}

export function checkStorageOs(
  found: Findings,
  { volumeName, volumeNamespace, secretRef }: { volumeName?: string; volumeNamespace?: string; secretRef?: SecretRef },
  path: FieldPath,
): void {
  if (!volumeName) found.required(path.child('volumeName'))
  else checkLabel(found, volumeName, path.child('volumeName'))
  if (volumeNamespace) checkLabel(found, volumeNamespace, path.child('volumeNamespace'))
  if (secretRef) requireText(found, secretRef.name, path.child('secretRef', 'name'))
}
