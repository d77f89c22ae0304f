import { join } from 'node:path'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { AppArmorProfile, Container, SELinuxOptions, SeccompProfile } from '@treeline/api'
import {
  type LinuxContainerSecurityContextSchema,
  type LinuxSandboxSecurityContextSchema,
  NamespaceMode,
  type NamespaceOptionSchema,
  type SELinuxOptionSchema,
  SecurityProfile_ProfileType,
  type SecurityProfileSchema,
  SupplementalGroupsPolicy,
} from '@treeline/cri'
import { type AssignedPod, containersOf } from '../assigned-pod.js'

type ContainerContext = MessageInitShape<typeof LinuxContainerSecurityContextSchema>
type Profile = MessageInitShape<typeof SecurityProfileSchema>

export interface SecurityDefaults {
  /** Directory of Localhost seccomp profiles. */
  readonly seccompDirectory: string
  /** RuntimeDefault instead of Unconfined where a pod says nothing. */
  readonly seccompDefault: boolean
}

const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
]
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

/** The sandbox's part: namespaces, groups, and privilege if any container may ask for it. */
export function sandboxSecurityContext(
  pod: AssignedPod,
  defaults: SecurityDefaults,
): MessageInitShape<typeof LinuxSandboxSecurityContextSchema> {
  const context = pod.spec.securityContext ?? {}
  return {
    namespaceOptions: namespaces(pod),
    privileged: containersOf(pod).some(({ container }) => container.securityContext?.privileged === true),
    supplementalGroups: groupsOf(pod),
    supplementalGroupsPolicy: groupsPolicy(pod),
    seccomp: seccompProfile(context.seccompProfile ?? { type: 'RuntimeDefault' }, defaults),
    selinuxOptions: selinux(context.seLinuxOptions ?? undefined),
    ...(context.runAsUser == null ? {} : { runAsUser: { value: BigInt(context.runAsUser) } }),
    ...(context.runAsGroup == null ? {} : { runAsGroup: { value: BigInt(context.runAsGroup) } }),
  }
}

/** The user an image was built for, when the pod names none. */
export interface ImageUser {
  readonly uid: number | undefined
  readonly name: string
}

/** A container's part. `targetId` is the container whose processes an ephemeral container wants to see. */
export function containerSecurityContext(
  pod: AssignedPod,
  container: Container,
  image: ImageUser,
  defaults: SecurityDefaults,
  targetId: string | undefined,
): ContainerContext {
  const own = container.securityContext ?? {}
  const shared = pod.spec.securityContext ?? {}
  const privileged = own.privileged === true
  const user = own.runAsUser ?? shared.runAsUser ?? undefined
  const group = own.runAsGroup ?? shared.runAsGroup ?? undefined
  const unmasked = privileged || own.procMount === 'Unmasked'
  const appArmor = own.appArmorProfile ?? shared.appArmorProfile ?? undefined
  return {
    privileged,
    namespaceOptions: namespaces(pod, targetId),
    readonlyRootfs: own.readOnlyRootFilesystem === true,
    noNewPrivs: !privileged && own.allowPrivilegeEscalation === false,
    capabilities: {
      addCapabilities: [...(own.capabilities?.add ?? [])],
      dropCapabilities: [...(own.capabilities?.drop ?? [])],
    },
    supplementalGroups: groupsOf(pod),
    supplementalGroupsPolicy: groupsPolicy(pod),
    maskedPaths: unmasked ? [] : maskedPaths,
    readonlyPaths: unmasked ? [] : readonlyPaths,
    seccomp: privileged
      ? { profileType: SecurityProfile_ProfileType.Unconfined }
      : seccompProfile(own.seccompProfile ?? shared.seccompProfile ?? undefined, defaults),
    selinuxOptions: selinux(own.seLinuxOptions ?? shared.seLinuxOptions ?? undefined),
    ...(appArmor === undefined ? {} : { apparmor: appArmorProfile(appArmor) }),
    ...userOf(user, image),
    ...(group === undefined ? {} : { runAsGroup: { value: BigInt(group) } }),
  }
}

/** Why the container may not run as the user it would get; undefined when it may. */
export function nonRootViolation(pod: AssignedPod, container: Container, image: ImageUser): string | undefined {
  const own = container.securityContext ?? {}
  const shared = pod.spec.securityContext ?? {}
  if ((own.runAsNonRoot ?? shared.runAsNonRoot) !== true) return undefined
  const user = own.runAsUser ?? shared.runAsUser
  const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`
  if (user != null) return user === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined
  if (image.uid !== undefined) return image.uid === 0 ? `container has runAsNonRoot and image will run as root ${where}` : undefined
  if (image.name === '') return undefined
  return `container has runAsNonRoot and image has non-numeric user (${image.name}), cannot verify user is non-root ${where}`
}

function userOf(user: number | undefined, image: ImageUser): Pick<ContainerContext, 'runAsUser' | 'runAsUsername'> {
  if (user !== undefined) return { runAsUser: { value: BigInt(user) } }
  if (image.uid !== undefined) return { runAsUser: { value: BigInt(image.uid) } }
  return image.name === '' ? {} : { runAsUsername: image.name }
}

function namespaces(pod: AssignedPod, targetId?: string): MessageInitShape<typeof NamespaceOptionSchema> {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace } = pod.spec
  const ownPid = shareProcessNamespace ? NamespaceMode.POD : NamespaceMode.CONTAINER
  return {
    network: hostNetwork ? NamespaceMode.NODE : NamespaceMode.POD,
    ipc: hostIPC ? NamespaceMode.NODE : NamespaceMode.POD,
    pid: hostPID ? NamespaceMode.NODE : targetId === undefined || shareProcessNamespace ? ownPid : NamespaceMode.TARGET,
    ...(targetId === undefined || hostPID || shareProcessNamespace ? {} : { targetId }),
  }
}

function groupsOf(pod: AssignedPod): bigint[] {
  const { fsGroup, supplementalGroups = [] } = pod.spec.securityContext ?? {}
  return [...(fsGroup == null ? [] : [fsGroup]), ...supplementalGroups].map(BigInt)
}

function groupsPolicy(pod: AssignedPod): SupplementalGroupsPolicy {
  return pod.spec.securityContext?.supplementalGroupsPolicy === 'Strict' ? SupplementalGroupsPolicy.Strict : SupplementalGroupsPolicy.Merge
}

function seccompProfile(profile: SeccompProfile | undefined, defaults: SecurityDefaults): Profile {
  switch (profile?.type ?? (defaults.seccompDefault ? 'RuntimeDefault' : 'Unconfined')) {
    case 'RuntimeDefault':
      return { profileType: SecurityProfile_ProfileType.RuntimeDefault }
    case 'Localhost':
      return {
        profileType: SecurityProfile_ProfileType.Localhost,
        localhostRef: join(defaults.seccompDirectory, profile?.localhostProfile ?? ''),
      }
    default:
      return { profileType: SecurityProfile_ProfileType.Unconfined }
  }
}

function appArmorProfile(profile: AppArmorProfile): Profile {
  switch (profile.type) {
    case 'RuntimeDefault':
      return { profileType: SecurityProfile_ProfileType.RuntimeDefault }
    case 'Localhost':
      return { profileType: SecurityProfile_ProfileType.Localhost, localhostRef: profile.localhostProfile ?? '' }
    default:
      return { profileType: SecurityProfile_ProfileType.Unconfined }
  }
}

function selinux(options: SELinuxOptions | undefined): MessageInitShape<typeof SELinuxOptionSchema> | undefined {
  if (options === undefined) return undefined
  const { user = '', role = '', type = '', level = '' } = options
  return { user, role, type, level }
}
