import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem, oneOf } from '../findings.js'
import { checkDescendingPath, hasBacksteps } from './file-paths.js'

type Container = TypeOf<'core.v1.Container'>
type VolumeMount = TypeOf<'core.v1.VolumeMount'>

/** The volumes of a pod that are well-formed, by name. */
export type KnownVolumes = ReadonlyMap<string, TypeOf<'core.v1.Volume'>>

/** What a container mounts; every mount needs a volume of the pod and a path of its own. */
export function checkVolumeMounts(found: Findings, container: Container, volumes: KnownVolumes, path: FieldPath): void {
  const devices = container.volumeDevices ?? []
  const mountPaths = new Set<string>()
  forEachItem(container.volumeMounts, path, (mount, at) => {
    const { name, mountPath, subPath, subPathExpr } = mount
    if (!name) found.required(at.child('name'))
    if (!volumes.has(name)) found.notFound(at.child('name'), name)
    if (!mountPath) found.required(at.child('mountPath'))
    if (mountPaths.has(mountPath)) found.invalid(at.child('mountPath'), mountPath, 'must be unique')
    mountPaths.add(mountPath)
    if (devices.some((device) => device.name === name)) found.invalid(at.child('name'), name, 'must not already exist in volumeDevices')
    if (devices.some((device) => device.devicePath === mountPath)) {
      found.invalid(at.child('mountPath'), mountPath, 'must not already exist as a path in volumeDevices')
    }
    // Upstream leaves the index out of the paths of what follows.
    if (subPath) checkDescendingPath(found, subPath, path.child('subPath'))
    if (subPathExpr) {
      if (subPath) found.invalid(at.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive')
      checkDescendingPath(found, subPathExpr, path.child('subPathExpr'))
    }
    checkPropagation(found, mount, container, path.child('mountPropagation'))
    checkRecursiveReadOnly(found, mount, path.child('recursiveReadOnly'))
  })
}

const propagations = ['Bidirectional', 'HostToContainer', 'None']

function checkPropagation(found: Findings, { mountPropagation }: VolumeMount, { securityContext }: Container, path: FieldPath): void {
  if (mountPropagation === undefined) return
  if (!propagations.includes(mountPropagation)) found.notSupported(path, mountPropagation, propagations)
  if (mountPropagation === 'Bidirectional' && !securityContext?.privileged) {
    found.forbidden(path, 'Bidirectional mount propagation is available only to privileged containers')
  }
}

function checkRecursiveReadOnly(found: Findings, mount: VolumeMount, path: FieldPath): void {
  const mode = mount.recursiveReadOnly
  if (mode === undefined || mode === 'Disabled') return
  if (mode !== 'Enabled' && mode !== 'IfPossible') {
    oneOf(found, mode || ' ', ['Disabled', 'Enabled', 'IfPossible'], path)
    return
  }
  if (!mount.readOnly) found.forbidden(path, 'may only be specified when readOnly is true')
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') {
    found.forbidden(path, 'may only be specified when mountPropagation is None or not specified')
  }
}

/** Claims a container uses as raw devices. */
export function checkVolumeDevices(found: Findings, container: Container, volumes: KnownVolumes, path: FieldPath): void {
  const mounts = container.volumeMounts ?? []
  const names = new Set<string>()
  const paths = new Set<string>()
  forEachItem(container.volumeDevices, path, ({ name, devicePath }, at) => {
    const volume = volumes.get(name)
    if (!name) found.required(at.child('name'))
    if (names.has(name)) found.invalid(at.child('name'), name, 'must be unique')
    if (!volume) found.notFound(at.child('name'), name)
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      found.invalid(at.child('name'), name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode')
    }
    if (!devicePath) found.required(at.child('devicePath'))
    if (paths.has(devicePath)) found.invalid(at.child('devicePath'), devicePath, 'must be unique')
    if (devicePath && hasBacksteps(devicePath)) found.invalid(at.child('devicePath'), devicePath, "can not contain backsteps ('..')")
    else paths.add(devicePath)
    if (mounts.some((mount) => mount.name === name)) found.invalid(at.child('name'), name, 'must not already exist in volumeMounts')
    if (mounts.some((mount) => mount.mountPath === devicePath)) {
      found.invalid(at.child('devicePath'), devicePath, 'must not already exist as a path in volumeMounts')
    }
    if (name) names.add(name)
  })
}
