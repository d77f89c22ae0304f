import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Findings } from '../findings.js'
import { visitContainers } from './visit-containers.js'

type PodSpec = TypeOf<'core.v1.PodSpec'>

const systems = ['linux', 'windows']

/** What a pod may not say on its operating system. */
export function checkOs(found: Findings, spec: PodSpec, path: FieldPath): void {
  if (!spec.os) return
  const { name } = spec.os
  if (!name) found.required(path.child('os', 'name'))
  else if (!systems.includes(name)) found.notSupported(path.child('os'), name, systems)
  else if (name === 'linux') checkLinux(found, spec, path)
  else checkWindows(found, spec, path)
}

const linuxRefusal = 'windows options cannot be set for a linux pod'

function checkLinux(found: Findings, spec: PodSpec, path: FieldPath): void {
  if (spec.securityContext?.windowsOptions) found.forbidden(path.child('securityContext', 'windowsOptions'), linuxRefusal)
  visitContainers(spec, path, ({ securityContext }, at) => {
    if (securityContext?.windowsOptions) found.forbidden(at.child('securityContext', 'windowsOptions'), linuxRefusal)
  })
}

type Given = (spec: PodSpec) => boolean
const given = (name: keyof NonNullable<PodSpec['securityContext']>): readonly [string, Given] => [
  `securityContext.${name}`,
  ({ securityContext }) => securityContext?.[name] !== undefined,
]

/** What Windows has no notion of, in the order it is complained of. */
const unknownToWindows: readonly (readonly [string, Given])[] = [
  given('appArmorProfile'),
  given('seLinuxOptions'),
  ['hostUsers', ({ hostUsers }) => hostUsers !== undefined],
  ['hostPID', ({ hostPID }) => hostPID === true],
  ['hostIPC', ({ hostIPC }) => hostIPC === true],
  given('seccompProfile'),
  given('fsGroup'),
  given('fsGroupChangePolicy'),
  ['securityContext.sysctls', ({ securityContext }) => (securityContext?.sysctls?.length ?? 0) > 0],
  ['shareProcessNamespace', ({ shareProcessNamespace }) => shareProcessNamespace !== undefined],
  given('runAsUser'),
  given('runAsGroup'),
  given('supplementalGroups'),
  given('supplementalGroupsPolicy'),
  given('seLinuxChangePolicy'),
]

const unknownToWindowsContainers = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const

const windowsRefusal = 'cannot be set for a windows pod'

function checkWindows(found: Findings, spec: PodSpec, path: FieldPath): void {
  for (const [name, isGiven] of unknownToWindows) if (isGiven(spec)) found.forbidden(path.child(...name.split('.')), windowsRefusal)
  visitContainers(spec, path, ({ securityContext }, at) => {
    for (const name of unknownToWindowsContainers) {
      if (securityContext?.[name] !== undefined) found.forbidden(at.child('securityContext', name), windowsRefusal)
    }
  })
}

/** Containers that are processes of a Windows host: all of a pod, or none. */
export function checkHostProcesses(found: Findings, spec: PodSpec, path: FieldPath): void {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess
  let containers = 0
  let processes = 0
  visitContainers(spec, path, ({ securityContext }, at) => {
    containers++
    const own = securityContext?.windowsOptions?.hostProcess
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      found.invalid(
        at.child('securityContext', 'windowsOptions', 'hostProcess'),
        own,
        `pod hostProcess value must be identical if both are specified, was ${ofPod}`,
      )
    }
    if (own ?? ofPod) processes++
  })
  if (processes === 0) return
  if (processes !== containers) {
    found.invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers')
  }
  if (!spec.hostNetwork) {
    found.invalid(path.child('hostNetwork'), false, 'hostNetwork must be true if pod contains any hostProcess containers')
  }
}
