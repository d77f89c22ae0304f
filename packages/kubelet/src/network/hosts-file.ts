import { readFile } from 'node:fs/promises'
import { type AssignedPod, isHostNetwork } from '../assigned-pod.js'

const managed = '# Kubernetes-managed hosts file.\n'
const managedHostNetwork = '# Kubernetes-managed hosts file (host network).\n'
const loopback = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::0\tip6-localnet',
  'fe00::0\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
].join('\n')

/** The content of a pod's /etc/hosts. Pods on the host's network get the host's, marked as such. */
export async function hostsFile(
  pod: AssignedPod,
  { podIPs, hostname, domain }: { podIPs: readonly string[]; hostname: string; domain: string },
): Promise<string> {
  const aliases = hostAliases(pod)
  if (isHostNetwork(pod)) return managedHostNetwork + (await readFile('/etc/hosts', 'utf8')) + aliases
  const names = domain === '' ? hostname : `${hostname}.${domain}\t${hostname}`
  return `${managed}${loopback}\n${podIPs.map((ip) => `${ip}\t${names}\n`).join('')}${aliases}`
}

function hostAliases({ spec }: AssignedPod): string {
  const aliases = spec.hostAliases ?? []
  if (aliases.length === 0) return ''
  return `\n# Entries added by HostAliases.\n${aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`).join('')}`
}
