import type { AssignedPod } from '../assigned-pod.js'
import type { Refusal } from './admission.js'

/** Kernel settings that are a pod's own and harm nobody else. */
const safe = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
])

export function sysctlRefusal(pod: AssignedPod): Refusal | undefined {
  for (const { name } of pod.spec.securityContext?.sysctls ?? []) {
    const dotted = name.replaceAll('/', '.')
    if (!safe.has(dotted)) return { reason: 'SysctlForbidden', message: `forbidden sysctl: "${dotted}" not allowlisted` }
    if (dotted.startsWith('net.') && pod.spec.hostNetwork) {
      return { reason: 'SysctlForbidden', message: `forbidden sysctl: "${dotted}" not allowed with host net enabled` }
    }
  }
  return undefined
}
