import { appArmor, procMount, seccomp, seccompAnnotations, seccompRequired, seLinux, sysctls } from './confinement-checks.js'
import type { Check, Finding, PodSubject } from './finding.js'
import { hostNamespaces, hostOfProbes, hostPathVolumes, hostPorts, privileged, windowsHostProcess } from './host-checks.js'
import type { LevelVersion } from './policy.js'
import { droppedCapabilities, nonDefaultCapabilities, privilegeEscalation, runAsNonRoot, runAsUser } from './privilege-checks.js'
import { restrictedVolumes } from './volume-check.js'

/** A check, from which minor version on in which form. */
interface VersionedCheck {
  readonly versions: readonly (readonly [since: number, check: Check])[]
  /** The check of the milder level that this one makes needless. */
  readonly instead?: VersionedCheck
}

const since = (...versions: VersionedCheck['versions']): VersionedCheck => ({ versions })
const sinceInsteadOf = (instead: VersionedCheck, ...versions: VersionedCheck['versions']): VersionedCheck => ({ versions, instead })

const notOnWindows =
  (check: Check): Check =>
  (pod) =>
    pod.spec.os?.name === 'windows' ? undefined : check(pod)

/** What a user namespace makes harmless. */
const notInUserNamespace =
  (check: Check): Check =>
  (pod) =>
    pod.spec.hostUsers === false ? undefined : check(pod)

const seLinuxTypes = ['container_t', 'container_init_t', 'container_kvm_t']
const sysctlsOf1 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
]
const sysctlsOf27 = [...sysctlsOf1, 'net.ipv4.ip_local_reserved_ports']
const sysctlsOf29 = [
  ...sysctlsOf27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
]
const sysctlsOf32 = [...sysctlsOf29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']

const baselineCapabilities = since([0, nonDefaultCapabilities])
const baselineHostPath = since([0, hostPathVolumes])
const baselineProcMount = since([0, procMount], [35, notInUserNamespace(procMount)])
const baselineSeccomp = since([0, seccompAnnotations], [19, seccomp])

/** In the order in which upstream tells of them. */
const baseline: readonly VersionedCheck[] = [
  since([0, appArmor]),
  baselineCapabilities,
  since([0, hostNamespaces]),
  baselineHostPath,
  since([0, hostPorts]),
  since([34, hostOfProbes]),
  since([0, privileged]),
  baselineProcMount,
  since([0, seLinux(seLinuxTypes)], [31, seLinux([...seLinuxTypes, 'container_engine_t'])]),
  baselineSeccomp,
  since([0, sysctls(sysctlsOf1)], [27, sysctls(sysctlsOf27)], [29, sysctls(sysctlsOf29)], [32, sysctls(sysctlsOf32)]),
  since([0, windowsHostProcess]),
]

const restricted: readonly VersionedCheck[] = [
  since([8, privilegeEscalation], [25, notOnWindows(privilegeEscalation)]),
  sinceInsteadOf(baselineCapabilities, [22, droppedCapabilities], [25, notOnWindows(droppedCapabilities)]),
  sinceInsteadOf(baselineProcMount, [35, procMount]),
  sinceInsteadOf(baselineHostPath, [0, restrictedVolumes]),
  since([0, runAsNonRoot], [35, notInUserNamespace(runAsNonRoot)]),
  since([23, runAsUser], [35, notInUserNamespace(runAsUser)]),
  sinceInsteadOf(baselineSeccomp, [19, seccompRequired], [25, notOnWindows(seccompRequired)]),
]

/** The last version that changed anything. */
const newest = Math.max(...[...baseline, ...restricted].flatMap(({ versions }) => versions.map(([minor]) => minor)))

const known = new Map<string, readonly Check[]>()

/** What a pod does that the level of that version does not allow. */
export function findings({ level, version }: LevelVersion, pod: PodSubject): readonly Finding[] {
  if (level === 'privileged') return []
  const minor = version === 'latest' ? newest : Math.min(version, newest)
  const key = `${level} ${minor}`
  const checks = known.get(key) ?? checksOf(level, minor)
  known.set(key, checks)
  return checks.flatMap((check) => check(pod) ?? [])
}

function checksOf(level: 'baseline' | 'restricted', minor: number): readonly Check[] {
  const inForce = ({ versions }: VersionedCheck): readonly Check[] => {
    const found = versions.findLast(([from]) => from <= minor)
    return found ? [found[1]] : []
  }
  if (level === 'baseline') return baseline.flatMap(inForce)
  const needless = new Set(restricted.filter((check) => inForce(check).length > 0).map(({ instead }) => instead))
  return [...baseline.filter((check) => !needless.has(check)), ...restricted].flatMap(inForce)
}

export const reasonsText = (found: readonly Finding[]): string => found.map(({ reason }) => reason).join(', ')

export const detailsText = (found: readonly Finding[]): string => found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')
