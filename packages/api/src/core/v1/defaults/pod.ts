import type { DefaultsTable } from '../../../declaration/defaults.js'
import type { TypeOf } from '../../../declaration/type-of.js'
import { imageTag } from '../image-tag.js'
import { containerResources, isHugePages, isPodLevelResource } from '../pod-resources.js'

type Container = TypeOf<'core.v1.Container'>
type PodSpec = TypeOf<'core.v1.PodSpec'>

export const podDefaults: DefaultsTable = {
  // What only pods get, not the templates of pods.
  'core.v1.Pod': (pod) => {
    const spec = pod.spec
    if (!spec) return
    for (const container of containersOf(spec)) requestWhatIsLimited(container)
    if (spec.resources) {
      limitHugePages(spec, spec.resources)
      requestOfPod(spec, spec.resources)
    }
    spec.enableServiceLinks ??= true
    if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1
    if (spec.hostNetwork) for (const container of containersOf(spec)) exposePortsOnHost(container)
  },
  'core.v1.PodSpec': (spec) => {
    spec.dnsPolicy ||= 'ClusterFirst'
    spec.restartPolicy ||= 'Always'
    spec.securityContext ??= {}
    spec.terminationGracePeriodSeconds ??= 30
    spec.schedulerName ||= 'default-scheduler'
    mirrorServiceAccount(spec)
  },
  // The singular field is the older one; a client that knows no other may write it alone.
  'core.v1.PodStatus': (status) => {
    const { podIP, podIPs } = status
    if (podIP && podIP !== podIPs?.[0]?.ip) status.podIPs = [{ ip: podIP }]
    else if (podIPs?.[0]?.ip) status.podIP = podIPs[0].ip
  },
  'core.v1.Container': containerDefaults,
  'core.v1.EphemeralContainer': containerDefaults,
  'core.v1.Probe': { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  'core.v1.HTTPGetAction': { path: '/', scheme: 'HTTP' },
  'core.v1.ObjectFieldSelector': { apiVersion: 'v1' },
}

function containerDefaults(
  container: Pick<Container, 'image' | 'imagePullPolicy' | 'terminationMessagePath' | 'terminationMessagePolicy'>,
): void {
  container.imagePullPolicy ||= imageTag(container.image ?? '') === 'latest' ? 'Always' : 'IfNotPresent'
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
}

/** `serviceAccount` is the old name of `serviceAccountName`; both are always shown, and the new one wins. */
function mirrorServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount
  if (!name) return
  spec.serviceAccountName = name
  spec.serviceAccount = name
}

const containersOf = (spec: PodSpec): Container[] => [...(spec.containers ?? []), ...(spec.initContainers ?? [])]

function requestWhatIsLimited(container: Container): void {
  const { limits } = container.resources ?? {}
  if (!container.resources || !limits) return
  container.resources.requests = { ...limits, ...container.resources.requests }
}

type ResourceRequirements = TypeOf<'core.v1.ResourceRequirements'>

function limitHugePages(spec: PodSpec, resources: ResourceRequirements): void {
  if (isEmpty(resources.limits) && isEmpty(resources.requests)) return
  const limits = { ...resources.limits }
  for (const [name, amount] of containerResources(spec, 'limits')) {
    if (isHugePages(name) && !resources.requests?.[name]) limits[name] ??= amount.toString()
  }
  if (!isEmpty(limits)) resources.limits = limits
}

function requestOfPod(spec: PodSpec, resources: ResourceRequirements): void {
  if (isEmpty(resources.limits)) return
  const requests = { ...resources.requests }
  for (const [name, amount] of containerResources(spec, 'requests')) {
    if (isPodLevelResource(name) && !isHugePages(name)) requests[name] ??= amount.toString()
  }
  for (const [name, amount] of Object.entries(resources.limits ?? {})) if (isPodLevelResource(name)) requests[name] ??= amount
  if (!isEmpty(requests)) resources.requests = requests
}

const isEmpty = (amounts: object | undefined): boolean => Object.keys(amounts ?? {}).length === 0

function exposePortsOnHost(container: Container): void {
  for (const port of container.ports ?? []) port.hostPort ||= port.containerPort
}
