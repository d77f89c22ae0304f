import { type FieldPath, Quantity, validateLabels } from '@treeline/machinery'
import { containerResources } from '../../core/v1/pod-resources.js'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem, requireOneOf } from '../findings.js'
import { checkLabel, checkQualifiedName, checkSubdomain } from '../names.js'
import { checkRange, maxInt32 } from '../numbers.js'
import { compareAmounts } from '../quantities.js'
import { checkPodResourceName, isHugePages } from '../resource-names.js'
import { checkAffinity } from './affinity.js'
import type { PodSurroundings } from './container.js'
import { checkContainers, checkEphemeralContainers, checkInitContainers } from './containers.js'
import { checkDnsConfig, checkHostAliases } from './dns.js'
import { checkHostProcesses, checkOs } from './pod-os.js'
import { type PodRules, strictPodRules } from './pod-rules.js'
import { checkResources } from './resources.js'
import { checkPodSecurityContext } from './security-context.js'
import { checkTolerations } from './tolerations.js'
import { checkTopologySpread } from './topology-spread.js'
import { visitContainers } from './visit-containers.js'
import { checkVolumes, type VolumeOwner } from './volumes.js'

type PodSpec = TypeOf<'core.v1.PodSpec'>

/** What a pod is to be; `pod` is absent in templates. */
export function checkPodSpec(found: Findings, spec: PodSpec, path: FieldPath, pod?: VolumeOwner, rules: PodRules = strictPodRules): void {
  if (spec.terminationGracePeriodSeconds === undefined) found.required(path.child('terminationGracePeriodSeconds'))
  const volumes = checkVolumes(found, spec.volumes, path.child('volumes'), pod, rules)
  const surroundings: PodSurroundings = {
    volumes,
    claims: new Set((spec.resourceClaims ?? []).map(({ name }) => name).filter((name) => name !== '')),
    gracePeriod: spec.terminationGracePeriodSeconds,
    os: spec.os?.name,
    restartPolicy: spec.restartPolicy,
    hostUsers: spec.hostUsers !== false,
    allowPartsOfPages: rules.partsOfPages,
  }
  checkResourceClaims(found, spec.resourceClaims, path.child('resourceClaims'))
  checkContainers(found, spec.containers, path.child('containers'), surroundings)
  if (spec.initContainers) checkInitContainers(found, spec, path.child('initContainers'), surroundings)
  if (spec.ephemeralContainers) checkEphemeralContainers(found, spec, path.child('ephemeralContainers'), surroundings)
  if (spec.resources) checkPodResources(found, spec, spec.resources, path.child('resources'), surroundings)
  if (spec.hostNetwork) checkPortsOfHost(found, spec, path.child('containers'), pod !== undefined)
  requireOneOf(found, spec.restartPolicy, ['Always', 'OnFailure', 'Never'], path.child('restartPolicy'))
  requireOneOf(found, spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], path.child('dnsPolicy'))
  found.add(...validateLabels(spec.nodeSelector, path.child('nodeSelector')))
  if (spec.securityContext) {
    checkPodSecurityContext(found, spec, spec.securityContext, path.child('securityContext'), rules.sysctlsOfHost)
  }
  if (spec.affinity) checkAffinity(found, spec.affinity, path.child('affinity'), rules.affinity)
  checkDnsConfig(found, spec, path.child('dnsConfig'))
  forEachItem(spec.readinessGates, path.child('readinessGates'), ({ conditionType }, at) =>
    checkQualifiedName(found, conditionType, at.child('conditionType')),
  )
  checkSchedulingGates(found, spec.schedulingGates, path.child('schedulingGates'))
  checkTopologySpread(found, spec.topologySpreadConstraints, path.child('topologySpreadConstraints'), rules.anySpreadSelector)
  checkHostProcesses(found, spec, path)
  if (spec.hostUsers === false) checkOwnUsers(found, spec, path, rules)
  if (spec.hostnameOverride !== undefined) checkHostnameOverride(found, spec, spec.hostnameOverride, path.child('hostnameOverride'))
  checkNames(found, spec, path)
  checkTolerations(found, spec.tolerations, path.child('tolerations'))
  checkHostAliases(found, spec.hostAliases, path.child('hostAliases'))
  if (spec.priorityClassName) checkSubdomain(found, spec.priorityClassName, path.child('priorityClassName'))
  if (spec.runtimeClassName !== undefined) checkSubdomain(found, spec.runtimeClassName, path.child('runtimeClassName'))
  if (spec.preemptionPolicy !== undefined) {
    requireOneOf(found, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], path.child('preemptionPolicy'))
  }
  if (spec.overhead) checkResources(found, { limits: spec.overhead }, path.child('overhead'), surroundings)
  checkOs(found, spec, path)
  checkFileReferences(found, spec, path)
}

/** Names of the things a pod refers to, and its own in the DNS. */
function checkNames(found: Findings, spec: PodSpec, path: FieldPath): void {
  if (spec.serviceAccountName) checkSubdomain(found, spec.serviceAccountName, path.child('serviceAccountName'))
  if (spec.nodeName) checkSubdomain(found, spec.nodeName, path.child('nodeName'))
  checkRange(found, spec.activeDeadlineSeconds, 1, maxInt32, path.child('activeDeadlineSeconds'))
  if (spec.hostname) checkLabel(found, spec.hostname, path.child('hostname'))
  if (spec.subdomain) checkLabel(found, spec.subdomain, path.child('subdomain'))
}

function checkResourceClaims(found: Findings, claims: PodSpec['resourceClaims'], path: FieldPath): void {
  const names = new Set<string>()
  forEachItem(claims, path, (claim, at) => {
    const { name, resourceClaimName, resourceClaimTemplateName } = claim
    if (!name) found.required(at.child('name'))
    else if (names.has(name)) found.duplicate(at.child('name'), name)
    else {
      checkLabel(found, name, at.child('name'))
      names.add(name)
    }
    const printed = {
      Name: name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    }
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      found.invalid(at, printed, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified')
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      found.invalid(at, printed, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`')
    }
    if (resourceClaimName !== undefined) checkSubdomain(found, resourceClaimName, at.child('resourceClaimName'))
    if (resourceClaimTemplateName !== undefined) checkSubdomain(found, resourceClaimTemplateName, at.child('resourceClaimTemplateName'))
  })
}

/** What all containers together need and may use: no less than what they say one by one. */
function checkPodResources(
  found: Findings,
  spec: PodSpec,
  resources: NonNullable<PodSpec['resources']>,
  path: FieldPath,
  surroundings: PodSurroundings,
): void {
  if (spec.os?.name === 'windows') {
    found.forbidden(path, 'may not be set for a windows pod')
    return
  }
  if (resources.claims) found.forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level')
  checkResources(found, resources, path, { ...surroundings, checkName: checkPodResourceName })
  const { requests = {}, limits = {} } = resources
  for (const [name, sum] of containerResources(spec, 'requests')) {
    const own = requests[name]
    if (own === undefined || sum.cmp(Quantity.parse(own)) <= 0) continue
    found.invalid(path.child('requests').key(name), own, `must be greater than or equal to aggregate container requests of ${sum}`)
  }
  for (const [name, sum] of containerResources(spec, 'limits')) {
    const own = limits[name]
    if (!isHugePages(name) || own === undefined || sum.cmp(Quantity.parse(own)) <= 0) continue
    found.invalid(path.child('limits').key(name), own, `must be greater than or equal to aggregate container limits of ${sum}`)
  }
  forEachItem(spec.containers, path.child('containers'), (container, at) => {
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      const own = limits[name]
      if (own === undefined || compareAmounts(limit, own) <= 0) continue
      found.invalid(at.key(name).child('limits'), limit, `must be less than or equal to pod limits of ${own}`)
    }
  })
}

function checkPortsOfHost(found: Findings, spec: PodSpec, path: FieldPath, isPod: boolean): void {
  forEachItem(spec.containers, path, ({ ports }, at) => {
    forEachItem(ports, at.child('ports'), ({ hostPort = 0, containerPort }, here) => {
      if ((isPod || hostPort !== 0) && hostPort !== containerPort) {
        found.invalid(here.child('hostPort'), hostPort, 'must match `containerPort` when `hostNetwork` is true')
      }
    })
  })
}

function checkSchedulingGates(found: Findings, gates: PodSpec['schedulingGates'], path: FieldPath): void {
  const names = new Set<string>()
  forEachItem(gates, path, ({ name }, at) => {
    checkQualifiedName(found, name, at)
    if (names.has(name)) found.duplicate(at, name)
    names.add(name)
  })
}

/** Users of its own cannot go with parts of the host. */
function checkOwnUsers(found: Findings, spec: PodSpec, path: FieldPath, rules: PodRules): void {
  const refuse = (at: FieldPath) => found.forbidden(at, 'when `hostUsers` is false')
  if (spec.hostNetwork && !rules.ownUsersOnHostNetwork) refuse(path.child('hostNetwork'))
  if (spec.hostPID) refuse(path.child('HostPID'))
  if (spec.hostIPC) refuse(path.child('HostIPC'))
  if (rules.ownUsersWithDevices) return
  visitContainers(spec, path, ({ volumeDevices }, at) => {
    if (volumeDevices?.length) refuse(at.child('volumeDevices'))
  })
}

const hostnameMaxLength = 64

function checkHostnameOverride(found: Findings, spec: PodSpec, hostname: string, path: FieldPath): void {
  if (spec.setHostnameAsFQDN) found.forbidden(path, 'may not be specified when setHostnameAsFQDN is true')
  if (spec.hostNetwork) found.forbidden(path, 'may not be specified when hostNetwork is true')
  if (Buffer.byteLength(hostname) > hostnameMaxLength) found.tooLong(path, hostnameMaxLength)
  checkSubdomain(found, hostname, path)
}

/** Files that hold environment variables lie in an empty directory of the pod. */
function checkFileReferences(found: Findings, spec: PodSpec, path: FieldPath): void {
  visitContainers(spec, path, ({ env }, at) => {
    forEachItem(env, at.child('env'), ({ valueFrom }, here) => {
      const reference = valueFrom?.fileKeyRef
      if (!reference) return
      const volume = spec.volumes?.find(({ name }) => name === reference.volumeName)
      const place = here.child('valueFrom', 'fileKeyRef', 'volumeName')
      if (!volume) found.notFound(place, reference.volumeName)
      else if (!volume.emptyDir) found.invalid(place, reference.volumeName, 'referenced volume must be of type emptyDir')
    })
  })
}
