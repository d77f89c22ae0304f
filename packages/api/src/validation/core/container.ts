import { type FieldPath, validatePortName, validatePortNumber } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem, requireOneOf, requireText } from '../findings.js'
import { requireLabel } from '../names.js'
import { checkEnv, checkEnvFrom } from './environment.js'
import { checkResources, type ResourceRules } from './resources.js'
import { checkSecurityContext } from './security-context.js'
import { checkVolumeDevices, checkVolumeMounts, type KnownVolumes } from './volume-mounts.js'

type Container = TypeOf<'core.v1.Container'>
type ContainerPort = TypeOf<'core.v1.ContainerPort'>

/** What the checks of a container need to know of its pod. */
export interface PodSurroundings extends ResourceRules {
  readonly volumes: KnownVolumes
  readonly gracePeriod: number | undefined
  readonly os: string | undefined
  readonly restartPolicy: string | undefined
  /** False when the pod has users of its own. */
  readonly hostUsers: boolean
}

export const pullPolicies = ['Always', 'IfNotPresent', 'Never']
export const protocols = ['SCTP', 'TCP', 'UDP']

/** What holds for containers of every sort. */
export function checkContainer(found: Findings, container: Container, path: FieldPath, pod: PodSurroundings): void {
  requireLabel(found, container.name, path.child('name'))
  requireText(found, container.image, path.child('image'))
  requireOneOf(found, container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError'], path.child('terminationMessagePolicy'))
  if (container.ports) checkPorts(found, container.ports, path.child('ports'))
  if (container.env) checkEnv(found, container.env, path.child('env'))
  if (container.envFrom) checkEnvFrom(found, container.envFrom, path.child('envFrom'))
  if (container.volumeMounts) checkVolumeMounts(found, container, pod.volumes, path.child('volumeMounts'))
  if (container.volumeDevices) checkVolumeDevices(found, container, pod.volumes, path.child('volumeDevices'))
  requireOneOf(found, container.imagePullPolicy, pullPolicies, path.child('imagePullPolicy'))
  if (container.resources) checkResources(found, container.resources, path.child('resources'), pod)
  if (container.resizePolicy) checkResizePolicy(found, container.resizePolicy, path.child('resizePolicy'), pod.restartPolicy)
  if (container.securityContext) checkSecurityContext(found, container.securityContext, path.child('securityContext'), pod.hostUsers)
}

function checkPorts(found: Findings, ports: readonly ContainerPort[], path: FieldPath): void {
  const names = new Set<string>()
  forEachItem(ports, path, ({ name, containerPort, hostPort, protocol }, at) => {
    if (name) {
      const problems = validatePortName(name)
      if (problems.length > 0) found.each(at.child('name'), name, problems)
      else if (names.has(name)) found.duplicate(at.child('name'), name)
      else names.add(name)
    }
    if (!containerPort) found.required(at.child('containerPort'))
    else found.each(at.child('containerPort'), containerPort, validatePortNumber(containerPort))
    if (hostPort) found.each(at.child('hostPort'), hostPort, validatePortNumber(hostPort))
    requireOneOf(found, protocol, protocols, at.child('protocol'))
  })
}

const resizable = ['cpu', 'memory']
const resizePolicies = ['NotRequired', 'RestartContainer']

function checkResizePolicy(
  found: Findings,
  policies: readonly TypeOf<'core.v1.ContainerResizePolicy'>[],
  path: FieldPath,
  restartPolicyOfPod: string | undefined,
): void {
  const seen = new Set<string>()
  forEachItem(policies, path, ({ resourceName, restartPolicy }, at) => {
    if (seen.has(resourceName)) found.duplicate(at, resourceName)
    seen.add(resourceName)
    requireOneOf(found, resourceName, resizable, path)
    requireOneOf(found, restartPolicy, resizePolicies, path)
    if (restartPolicyOfPod === 'Never' && restartPolicy !== 'NotRequired') {
      found.invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'")
    }
  })
}

/** One host port is taken once, by protocol and address. */
export function checkHostPorts(found: Findings, containers: readonly Container[], path: FieldPath): void {
  const taken = new Set<string>()
  forEachItem(containers, path, ({ ports }, at) => {
    forEachItem(ports, at.child('ports'), ({ hostPort, hostIP = '', protocol }, here) => {
      if (!hostPort) return
      const port = `${protocol}/${hostIP}/${hostPort}`
      if (taken.has(port)) found.duplicate(here.child('hostPort'), port)
      else taken.add(port)
    })
  })
}

/** Of pods, but not of templates. */
export function checkImagePadding(found: Findings, { image = '' }: Container, path: FieldPath): void {
  if (image.trim() !== image) found.invalid(path.child('image'), image, 'must not have leading or trailing whitespace')
}
