import { FieldPath, validateUserId } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { checkLegacyIp, parseIp } from '../addresses.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkImmutable } from '../immutable.js'
import { checkLabel, checkQualifiedName, checkSubdomain } from '../names.js'
import { checkPodAnnotationsUpdate } from './pod-annotations.js'

type Pod = TypeOf<'core.v1.Pod'>
type PodSpec = TypeOf<'core.v1.PodSpec'>
type PodStatus = TypeOf<'core.v1.PodStatus'>
type ContainerStatus = TypeOf<'core.v1.ContainerStatus'>
type Container = TypeOf<'core.v1.Container'>

const path = FieldPath.root('status')
const systemConditions: ReadonlySet<string> = new Set(['PodScheduled', 'Ready', 'Initialized'])
const negative = 'must be a non-negative integer'

/** What the kubelet and others may report of a pod. */
export function checkPodStatusUpdate(found: Findings, pod: Pod, old: Pod): void {
  const status = pod.status ?? {}
  const before = old.status ?? {}
  const spec = pod.spec ?? { containers: [] }
  const oldSpec = old.spec ?? { containers: [] }
  checkPodAnnotationsUpdate(found, pod.metadata.annotations, old.metadata.annotations, FieldPath.root('metadata', 'annotations'))
  forEachItem(status.conditions, path.child('conditions'), ({ type, observedGeneration = 0 }, at) => {
    if (observedGeneration < 0) found.invalid(at.child('observedGeneration'), observedGeneration, negative)
    if (!systemConditions.has(type)) checkQualifiedName(found, type, at.child('Type'))
  })
  checkNodes(found, status, before, spec, oldSpec)
  if ((status.observedGeneration ?? 0) < 0) found.invalid(path.child('observedGeneration'), status.observedGeneration, negative)
  checkImmutable(found, status.qosClass ?? '', before.qosClass ?? '', path.child('qosClass'))
  checkTransitions(found, status, before, oldSpec)
  checkClaims(found, status, spec)
  checkIps(found, status.podIPs ?? [], before.podIPs ?? [], path.child('podIPs'))
  checkHostIps(found, status, before)
  for (const name of statusLists) checkUsers(found, status[name], path.child(name), spec.os?.name ?? 'linux')
  checkAllocated(found, status.containerStatuses, spec.containers, path.child('containerStatuses'))
  checkAllocated(found, status.initContainerStatuses, spec.initContainers, path.child('initContainerStatuses'))
  forEachItem(status.ephemeralContainerStatuses, path.child('ephemeralContainerStatuses'), ({ allocatedResourcesStatus }, at) => {
    if (allocatedResourcesStatus?.length) {
      found.forbidden(at.child('allocatedResourcesStatus'), 'must not be specified in container status')
    }
  })
}

const statusLists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const

function checkNodes(found: Findings, status: PodStatus, old: PodStatus, spec: PodSpec, oldSpec: PodSpec): void {
  if ((spec.nodeName ?? '') !== (oldSpec.nodeName ?? '')) found.forbidden(path.child('nodeName'), 'may not be changed directly')
  const nominated = status.nominatedNodeName
  if (!nominated || nominated === old.nominatedNodeName) return
  checkSubdomain(found, nominated, path.child('nominatedNodeName'))
  if (oldSpec.nodeName) found.forbidden(path.child('nominatedNodeName'), 'may not be set on pods that are already bound to a node')
}

/** A container that ended for good stays ended. */
function checkTransitions(found: Findings, status: PodStatus, old: PodStatus, spec: PodSpec): void {
  const listed: readonly (readonly [(typeof statusLists)[number], readonly Container[]])[] = [
    ['containerStatuses', spec.containers ?? []],
    ['initContainerStatuses', spec.initContainers ?? []],
    ['ephemeralContainerStatuses', []],
  ]
  for (const [name, containers] of listed) {
    forEachItem(old[name], path.child(name), (before, at) => {
      const ended = before.state?.terminated
      const after = status[name]?.find((candidate) => candidate.name === before.name)
      if (!ended || !after || after.state?.terminated) return
      const container = containers.find((candidate) => candidate.name === before.name)
      if (!container || !mayRestart(container, spec, ended.exitCode)) {
        found.forbidden(at.child('state'), 'may not be transitioned to non-terminated state')
      }
    })
  }
}

function mayRestart({ restartPolicy, restartPolicyRules }: Container, spec: PodSpec, exitCode: number): boolean {
  for (const { action, exitCodes } of restartPolicyRules ?? []) {
    const listed = exitCodes?.values?.includes(exitCode) ?? false
    if (exitCodes && listed === (exitCodes.operator === 'In')) return action === 'Restart'
  }
  const policy = restartPolicy ?? spec.restartPolicy
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}

function checkClaims(found: Findings, status: PodStatus, spec: PodSpec): void {
  const names = new Set<string>()
  forEachItem(status.resourceClaimStatuses, path.child('resourceClaimStatuses'), ({ name, resourceClaimName }, at) => {
    if (!spec.resourceClaims?.some((claim) => claim.name === name)) {
      found.invalid(at.child('name'), name, 'must match the name of an entry in `spec.resourceClaims`')
    }
    if (names.has(name)) found.duplicate(at.child('name'), name)
    names.add(name)
    if (resourceClaimName !== undefined) checkSubdomain(found, resourceClaimName, at.child('name'))
  })
  if (status.extendedResourceClaimStatus) checkExtendedClaim(found, status.extendedResourceClaimStatus, spec)
}

function checkExtendedClaim(found: Findings, status: NonNullable<PodStatus['extendedResourceClaimStatus']>, spec: PodSpec): void {
  const at = path.child('extendedResourceClaimStatus')
  const mappings = status.requestMappings ?? []
  if (mappings.length === 0) found.required(at.child('requestMappings'), 'at least one request mapping is required')
  const seen = new Set<string>()
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  forEachItem(mappings, at.child('requestMappings'), ({ containerName, resourceName, requestName }, here) => {
    const container = containers.findLast(({ name }) => name === containerName)
    if (!container) {
      found.invalid(
        here.child('containerName'),
        containerName,
        'must match the name of an entry in spec.initContainers.name or spec.containers.name',
      )
    } else if (container.resources?.requests?.[resourceName] === undefined) {
      found.invalid(
        here.child('resourceName'),
        resourceName,
        'must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests',
      )
    }
    checkLabel(found, requestName, at.child('requestName'))
    const key = JSON.stringify([containerName, resourceName, requestName])
    if (seen.has(key)) {
      found.duplicate(here.child('containerName'), containerName)
      found.duplicate(here.child('resourceName'), resourceName)
      found.duplicate(here.child('requestName'), requestName)
    }
    seen.add(key)
  })
  if (!status.resourceClaimName) found.required(at.child('resourceClaimName'))
  else checkSubdomain(found, status.resourceClaimName, at.child('resourceClaimName'))
}

interface Address {
  readonly ip?: string
}

/** At most one address of each family. */
function checkIps(found: Findings, addresses: readonly Address[], old: readonly Address[], at: FieldPath): void {
  const existing = old.map(({ ip = '' }) => ip)
  forEachItem(addresses, at, ({ ip = '' }, here) => checkLegacyIp(found, ip, here, existing))
  if (addresses.length < 2) return
  const families = addresses.map(({ ip = '' }) => parseIp(ip)?.family)
  const broken = families.indexOf(undefined)
  if (broken >= 0) {
    const problem = `failed to check for dual stack with error:invalid IP[${broken}]: ${addresses[broken]?.ip}`
    found.add({ type: 'InternalError', field: at.toString(), detail: problem })
  }
  if (broken >= 0 || new Set(families).size < 2 || addresses.length > 2) {
    const printed = addresses.map(({ ip = '' }) => ({ IP: ip }))
    found.invalid(at, printed, 'may specify no more than one IP for each IP family')
  }
}

function checkHostIps(found: Findings, { hostIP = '', hostIPs = [] }: PodStatus, old: PodStatus): void {
  const first = hostIPs[0]
  if (!first) return
  const at = path.child('hostIPs')
  if (hostIP !== first.ip) found.invalid(at.index(0).child('ip'), first.ip, 'must be equal to `hostIP`')
  checkIps(found, hostIPs, old.hostIPs ?? [], at)
}

function checkUsers(found: Findings, statuses: readonly ContainerStatus[] | undefined, at: FieldPath, os: string): void {
  forEachItem(statuses, at, ({ user }, here) => {
    const linux = user?.linux
    if (!linux) return
    const place = here.child('user', 'linux')
    if (os === 'windows') {
      found.forbidden(place, 'cannot be set for a windows pod')
      return
    }
    if (os !== 'linux') return
    found.each(place.child('uid'), linux.uid, validateUserId(linux.uid))
    found.each(place.child('gid'), linux.gid, validateUserId(linux.gid))
    forEachItem(linux.supplementalGroups, place.child('supplementalGroups'), (group, there) =>
      found.each(there, group, validateUserId(group)),
    )
  })
}

const healths = ['Healthy', 'Unhealthy', 'Unknown']

function checkAllocated(
  found: Findings,
  statuses: readonly ContainerStatus[] | undefined,
  containers: readonly Container[] | undefined,
  at: FieldPath,
): void {
  forEachItem(statuses, at, ({ name, allocatedResourcesStatus }, here) => {
    const container = containers?.find((candidate) => candidate.name === name)
    forEachItem(allocatedResourcesStatus, here.child('allocatedResourcesStatus'), (allocated, place) => {
      const problem = container && allocationProblem(allocated.name, container)
      if (problem) found.invalid(place.child('name'), allocated.name, problem)
      const ids = new Set<string>()
      forEachItem(allocated.resources, place.child('resources'), ({ resourceID, health }, there) => {
        if (!healths.includes(health ?? '')) found.notSupported(there.child('health'), health ?? '', healths)
        if (ids.has(resourceID)) found.duplicate(there.child('resourceID'), resourceID)
        ids.add(resourceID)
      })
    })
  })
}

function allocationProblem(name: string, { resources }: Container): string | undefined {
  if (!name.startsWith('claim:')) {
    return resources?.requests?.[name] === undefined ? "must match one of the container's resource requests" : undefined
  }
  const claimed = resources?.claims?.some((claim) => name === `claim:${claim.name}${claim.request ? `/${claim.request}` : ''}`)
  return claimed
    ? undefined
    : "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"
}
