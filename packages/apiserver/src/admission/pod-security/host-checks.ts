import type { LifecycleHandler, Probe } from '@treeline/api'
import { type Check, containersOf, named, namesWhere, plural, quoted, setters, sorted } from './finding.js'

export const hostNamespaces: Check = ({ spec }) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => spec[name])
  if (shared.length === 0) return undefined
  return { reason: 'host namespaces', detail: shared.map((name) => `${name}=true`).join(', ') }
}

export const hostPathVolumes: Check = ({ spec }) => {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name)
  return names.length === 0 ? undefined : { reason: 'hostPath volumes', detail: named('volume', names) }
}

export const hostPorts: Check = ({ spec }) => {
  const names = namesWhere(spec, ({ ports }) => (ports ?? []).some(({ hostPort }) => hostPort))
  if (names.length === 0) return undefined
  const ports = sorted(containersOf(spec).flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => (hostPort ? [`${hostPort}`] : []))))
  const use = names.length === 1 ? 'uses' : 'use'
  return { reason: 'hostPort', detail: `${named('container', names)} ${use} ${plural('hostPort', ports.length)} ${ports.join(', ')}` }
}

/** Probes and hooks that the kubelet makes for a pod to somewhere else. */
export const hostOfProbes: Check = ({ spec }) => {
  const asked = containersOf(spec).map((container) => {
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container
    const hosts = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(hostsOf)
    return { name: container.name, hosts }
  })
  const names = sorted(asked.filter(({ hosts }) => hosts.length > 0).map(({ name }) => name))
  if (names.length === 0) return undefined
  const hosts = sorted(asked.flatMap((container) => container.hosts))
  const use = names.length === 1 ? 'uses' : 'use'
  const reason = 'probe or lifecycle host'
  return { reason, detail: `${named('container', names)} ${use} ${plural(reason, hosts.length)} ${quoted(hosts)}` }
}

const hostsOf = (action: Probe | LifecycleHandler | undefined): string[] =>
  [action?.httpGet?.host, action?.tcpSocket?.host].filter((host) => host !== undefined && host !== '') as string[]

export const privileged: Check = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true)
  if (names.length === 0) return undefined
  return { reason: 'privileged', detail: `${named('container', names)} must not set securityContext.privileged=true` }
}

export const windowsHostProcess: Check = ({ spec }) => {
  const who = setters(
    spec.securityContext?.windowsOptions?.hostProcess === true,
    namesWhere(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true),
  )
  if (who === '') return undefined
  return { reason: 'hostProcess', detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` }
}
