import { type FieldPath, validateUserId } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Check, type Findings, forEachItem } from '../findings.js'
import { type InternalForm, internalForm } from '../internal-form.js'
import { checkDescendingPath } from './file-paths.js'
import { checkWindowsOptions } from './windows-options.js'

type SecurityContext = TypeOf<'core.v1.SecurityContext'>
type PodSpec = TypeOf<'core.v1.PodSpec'>
type PodSecurityContext = TypeOf<'core.v1.PodSecurityContext'>

/** Users, groups and privileges of one container. `hostUsers` is false when the pod has users of its own. */
export function checkSecurityContext(found: Findings, context: SecurityContext, path: FieldPath, hostUsers: boolean): void {
  checkId(found, context.runAsUser, path.child('runAsUser'))
  checkId(found, context.runAsGroup, path.child('runAsGroup'))
  if (context.procMount !== undefined) checkProcMount(found, context.procMount, path.child('procMount'), hostUsers)
  if (context.seccompProfile) checkSeccompProfile(found, context.seccompProfile, path.child('seccompProfile'))
  if (context.allowPrivilegeEscalation === false) checkNoEscalation(found, context, path)
  if (context.windowsOptions) checkWindowsOptions(found, context.windowsOptions, path.child('windowsOptions'))
  if (context.appArmorProfile) checkAppArmorProfile(found, context.appArmorProfile, path.child('appArmorProfile'))
}

function checkId(found: Findings, id: number | undefined, path: FieldPath): void {
  if (id !== undefined) found.each(path, id, validateUserId(id))
}

function checkProcMount(found: Findings, type: string, path: FieldPath, hostUsers: boolean): void {
  if (type !== 'Default' && type !== 'Unmasked') found.notSupported(path, type, ['Default', 'Unmasked'])
  if (hostUsers && type === 'Unmasked') found.invalid(path, type, '`hostUsers` must be false to use `Unmasked`')
}

function checkNoEscalation(found: Findings, context: SecurityContext, path: FieldPath): void {
  const refuse = (detail: string) => found.invalid(path, internalForm(printedContext, context), detail)
  if (context.privileged) refuse('cannot set `allowPrivilegeEscalation` to false and `privileged` to true')
  for (const capability of context.capabilities?.add ?? []) {
    if (capability === 'CAP_SYS_ADMIN') refuse('cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN')
  }
}

const localProfile: InternalForm = [
  ['Type', 'type', ''],
  ['LocalhostProfile', 'localhostProfile', null],
]

const printedContext: InternalForm = [
  [
    'Capabilities',
    'capabilities',
    null,
    [
      ['Add', 'add', null],
      ['Drop', 'drop', null],
    ],
  ],
  ['Privileged', 'privileged', null],
  [
    'SELinuxOptions',
    'seLinuxOptions',
    null,
    [
      ['User', 'user', ''],
      ['Role', 'role', ''],
      ['Type', 'type', ''],
      ['Level', 'level', ''],
    ],
  ],
  [
    'WindowsOptions',
    'windowsOptions',
    null,
    [
      ['GMSACredentialSpecName', 'gmsaCredentialSpecName', null],
      ['GMSACredentialSpec', 'gmsaCredentialSpec', null],
      ['RunAsUserName', 'runAsUserName', null],
      ['HostProcess', 'hostProcess', null],
    ],
  ],
  ['RunAsUser', 'runAsUser', null],
  ['RunAsGroup', 'runAsGroup', null],
  ['RunAsNonRoot', 'runAsNonRoot', null],
  ['ReadOnlyRootFilesystem', 'readOnlyRootFilesystem', null],
  ['AllowPrivilegeEscalation', 'allowPrivilegeEscalation', null],
  ['ProcMount', 'procMount', null],
  ['SeccompProfile', 'seccompProfile', null, localProfile],
  ['AppArmorProfile', 'appArmorProfile', null, localProfile],
]

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

const checkSeccompProfile: Check<TypeOf<'core.v1.SeccompProfile'>> = (found, profile, path) => {
  const { type, localhostProfile } = profile
  const at = path.child('localhostProfile')
  if (!type) found.required(path.child('type'), 'type is required when seccompProfile is set')
  else if (!profileTypes.includes(type)) found.notSupported(path.child('type'), type, profileTypes)
  if (type === 'Localhost') {
    if (localhostProfile === undefined) found.required(at, 'must be set when seccomp type is Localhost')
    else checkDescendingPath(found, localhostProfile, at)
  } else if (localhostProfile !== undefined) {
    found.invalid(at, internalForm(localProfile, profile), 'can only be set when seccomp type is Localhost')
  }
}

const longestProfile = 4095

const checkAppArmorProfile: Check<TypeOf<'core.v1.AppArmorProfile'>> = (found, { type, localhostProfile: profile }, path) => {
  const at = path.child('localhostProfile')
  if (!type) found.required(path.child('type'), 'type is required when appArmorProfile is set')
  else if (!profileTypes.includes(type)) found.notSupported(path.child('type'), type, profileTypes)
  else if (type !== 'Localhost') {
    if (profile !== undefined) found.invalid(at, profile, 'can only be set when AppArmor type is Localhost')
  } else if (!profile) found.required(at, 'must be set when AppArmor type is Localhost')
  else {
    if (profile.trim() !== profile) found.invalid(at, profile, 'must not be padded with whitespace')
    if (Buffer.byteLength(profile) > longestProfile) found.tooLong(at, longestProfile)
  }
}

/** What the spec of a pod says for all its containers. */
export function checkPodSecurityContext(
  found: Findings,
  spec: PodSpec,
  context: PodSecurityContext,
  path: FieldPath,
  allowSysctlsOfHost: boolean,
): void {
  checkId(found, context.fsGroup, path.child('fsGroup'))
  checkId(found, context.runAsUser, path.child('runAsUser'))
  checkId(found, context.runAsGroup, path.child('runAsGroup'))
  forEachItem(context.supplementalGroups, path.child('supplementalGroups'), (group, at) => checkId(found, group, at))
  if (spec.shareProcessNamespace && spec.hostPID) {
    found.invalid(path.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled')
  }
  checkSysctls(found, spec, context, path.child('sysctls'), allowSysctlsOfHost)
  checkGiven(found, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], path.child('fsGroupChangePolicy'))
  if (context.seccompProfile) checkSeccompProfile(found, context.seccompProfile, path.child('seccompProfile'))
  if (context.windowsOptions) checkWindowsOptions(found, context.windowsOptions, path.child('windowsOptions'))
  if (context.appArmorProfile) checkAppArmorProfile(found, context.appArmorProfile, path.child('appArmorProfile'))
  checkGiven(found, context.supplementalGroupsPolicy, ['Merge', 'Strict'], path.child('supplementalGroupsPolicy'))
  checkGiven(found, context.seLinuxChangePolicy, ['Recursive'], path.child('seLinuxChangePolicy'))
}

/** A pointer upstream: an empty value is a wrong one. */
function checkGiven(found: Findings, value: string | undefined, supported: readonly string[], path: FieldPath): void {
  if (value !== undefined && !supported.includes(value)) found.notSupported(path, value, supported)
}

const sysctlSegment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const sysctlFormat = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`
const sysctlName = new RegExp(sysctlFormat)
const sysctlMaxLength = 253

function checkSysctls(found: Findings, spec: PodSpec, { sysctls }: PodSecurityContext, path: FieldPath, allowOfHost: boolean): void {
  const names = new Set<string>()
  forEachItem(sysctls, path, ({ name }, at) => {
    if (!name) found.required(at.child('name'))
    else if (name.length > sysctlMaxLength || !sysctlName.test(name)) {
      found.invalid(at.child('name'), name, `must have at most ${sysctlMaxLength} characters and match regex ${sysctlFormat}`)
    } else if (names.has(name)) found.duplicate(at.child('name'), name)
    const problem = allowOfHost ? undefined : hostSysctlProblem(name, spec)
    if (problem) found.invalid(at.child('name'), name, problem)
    names.add(name)
  })
}

const ipcSysctls = /^(kernel\.shm|kernel\.msg|kernel\.sem$|fs\.mqueue\.)/

/** Kernel parameters of a namespace that the pod shares with its host. */
export function hostSysctlProblem(name: string, { hostNetwork, hostIPC }: Pick<PodSpec, 'hostNetwork' | 'hostIPC'>): string | undefined {
  const dotted = dottedSysctl(name)
  if (hostNetwork && dotted.startsWith('net.')) return "may not be specified when 'hostNetwork' is true"
  return hostIPC && ipcSysctls.test(dotted) ? "may not be specified when 'hostIPC' is true" : undefined
}

/** A name whose first separator is a slash has dots and slashes swapped. */
function dottedSysctl(name: string): string {
  const first = /[./]/.exec(name)?.[0]
  return first === '/' ? name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/')) : name
}
