import { readFile } from 'node:fs/promises'
import { type AssignedPod, isHostNetwork } from '../assigned-pod.js'

export interface DnsSettings {
  readonly servers: string[]
  readonly searches: string[]
  readonly options: string[]
}

export interface ClusterDns {
  /** Addresses of the cluster's DNS service; without one, pods get the node's settings. */
  readonly servers: readonly string[]
  readonly domain: string
  /** The node's resolv.conf; empty means none at all. */
  readonly resolvConf: string
}

/** What the settings of a pod are, and what the user should be told about them. */
export interface PodDns {
  readonly settings: DnsSettings
  readonly warnings: readonly { readonly reason: 'DNSConfigForming' | 'MissingClusterDNS'; readonly message: string }[]
}

const mostServers = 3
const mostSearches = 32
const mostSearchCharacters = 2_048

export async function podDns(pod: AssignedPod, cluster: ClusterDns): Promise<PodDns> {
  const warnings: PodDns['warnings'][number][] = []
  const { name, namespace, uid } = pod.metadata
  const host = async () => (cluster.resolvConf === '' ? emptySettings() : parseResolvConf(await readFile(cluster.resolvConf, 'utf8')))
  let policy = pod.spec.dnsPolicy ?? 'ClusterFirst'
  if (policy === 'ClusterFirst' && isHostNetwork(pod)) policy = 'Default'
  if (policy === 'ClusterFirstWithHostNet') policy = 'ClusterFirst'
  if (policy === 'ClusterFirst' && cluster.servers.length === 0) {
    warnings.push({
      reason: 'MissingClusterDNS',
      message: `pod: "${name}_${namespace}(${uid})". kubelet does not have ClusterDNS IP configured and cannot create Pod using "${pod.spec.dnsPolicy ?? 'ClusterFirst'}" policy. Falling back to "Default" policy.`,
    })
    policy = 'Default'
  }
  let settings = emptySettings()
  if (policy === 'Default') settings = await host()
  if (policy === 'ClusterFirst') settings = clusterSettings(namespace, cluster, await host())
  settings = merged(settings, pod.spec.dnsConfig ?? {})
  return { settings: limited(settings, warnings), warnings }
}

function clusterSettings(namespace: string, cluster: ClusterDns, host: DnsSettings): DnsSettings {
  const own = cluster.domain === '' ? [] : [`${namespace}.svc.${cluster.domain}`, `svc.${cluster.domain}`, cluster.domain]
  return { servers: [...cluster.servers], searches: [...new Set([...own, ...host.searches])], options: ['ndots:5'] }
}

function merged(base: DnsSettings, extra: NonNullable<AssignedPod['spec']['dnsConfig']>): DnsSettings {
  const options = new Map(base.options.map((option) => [option.split(':', 1)[0] ?? option, option]))
  for (const { name = '', value } of extra.options ?? []) options.set(name, value ? `${name}:${value}` : name)
  return {
    servers: [...new Set([...base.servers, ...(extra.nameservers ?? [])])],
    searches: [...new Set([...base.searches, ...(extra.searches ?? [])])],
    options: [...options.values()],
  }
}

function limited(settings: DnsSettings, warnings: PodDns['warnings'][number][]): DnsSettings {
  const servers = settings.servers.slice(0, mostServers)
  if (servers.length < settings.servers.length) {
    const message = `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.join(' ')}`
    warnings.push({ reason: 'DNSConfigForming', message })
  }
  const searches = settings.searches.slice(0, mostSearches)
  while (searches.join(' ').length > mostSearchCharacters) searches.pop()
  if (searches.length < settings.searches.length) {
    const message = `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(' ')}`
    warnings.push({ reason: 'DNSConfigForming', message })
  }
  return { servers, searches, options: settings.options }
}

export function parseResolvConf(text: string): DnsSettings {
  const settings = emptySettings()
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'nameserver' && values[0]) settings.servers.push(values[0])
    if (keyword === 'search') settings.searches.splice(0, Number.POSITIVE_INFINITY, ...values.map((name) => name.replace(/(.)\.$/, '$1')))
    if (keyword === 'options') settings.options.splice(0, Number.POSITIVE_INFINITY, ...values)
  }
  return settings
}

function emptySettings(): DnsSettings {
  return { servers: [], searches: [], options: [] }
}
