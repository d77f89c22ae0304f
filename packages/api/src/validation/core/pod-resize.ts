import { FieldPath } from '@treeline/machinery'
import { qosClass } from '../../core/v1/pod-qos.js'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem, wholeObject } from '../findings.js'
import { sameValue } from '../immutable.js'
import { isMirrorPod } from './pod-annotations.js'

type Pod = TypeOf<'core.v1.Pod'>
type Container = TypeOf<'core.v1.Container'>
type ResourceRequirements = TypeOf<'core.v1.ResourceRequirements'>
type Amounts = Readonly<Record<string, string>>

const path = FieldPath.root('spec')

/** A resize changes cpu and memory of containers, and nothing else. */
export function checkPodResize(found: Findings, pod: Pod, old: Pod): void {
  const refusal = wholeRefusal(old)
  if (refusal) {
    found.errors.length = 0
    found.forbidden(wholeObject, refusal)
    return
  }
  const spec = pod.spec ?? { containers: [] }
  const before = old.spec ?? { containers: [] }
  if ((old.status?.qosClass ?? qosClass(before)) !== qosClass(spec)) {
    found.invalid(path, pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing')
  }
  if (!isResizable(old)) found.forbidden(path, 'Pod running on node without support for resize')
  if (hasPodResources(pod) || hasPodResources(old)) {
    found.forbidden(
      wholeObject,
      'resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled',
    )
    return
  }
  const known = found.count
  checkSameContainers(found, spec.containers, before.containers, 'containers')
  checkSameContainers(found, spec.initContainers, before.initContainers, 'initContainers')
  if (found.count > known) return
  checkContainers(found, spec.initContainers, before.initContainers, 'initContainers')
  checkContainers(found, spec.containers, before.containers, 'containers')
  forEachItem(spec.containers, path, (container, _, index) => {
    if (!sameBesidesCompute(container, before.containers[index])) found.forbidden(path, 'only cpu and memory resources are mutable')
  })
  forEachItem(spec.initContainers, path, (container, _, index) => {
    const former = before.initContainers?.[index]
    if (container.restartPolicy === 'Always') {
      if (!sameBesidesCompute(container, former)) found.forbidden(path, 'only cpu and memory resources for sidecar containers are mutable')
    } else if (!sameValue(container, former)) found.forbidden(path, 'resources for non-sidecar init containers are immutable')
  })
  if (found.count > 0) return
  const rest = { ...spec, containers: before.containers, initContainers: before.initContainers }
  if (!sameValue(rest, before)) found.forbidden(path, 'only cpu and memory resources are mutable')
}

function wholeRefusal({ metadata, spec }: Pod): string | undefined {
  if (isMirrorPod(metadata.annotations)) return 'static pods cannot be resized'
  return spec?.os?.name === 'windows' ? 'windows pods cannot be resized' : undefined
}

/** A kubelet that can resize reports what running containers have. */
function isResizable({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running)
  return !running || running.resources !== undefined
}

function hasPodResources({ spec }: Pod): boolean {
  return Object.keys({ ...spec?.resources?.requests, ...spec?.resources?.limits }).length > 0
}

function checkSameContainers(found: Findings, now: Container[] = [], old: Container[] = [], field: string): void {
  if (now.length !== old.length) {
    found.forbidden(path.child(field), `${field} may not be added or removed on resize`)
    return
  }
  forEachItem(now, path.child(field), ({ name }, at, index) => {
    if (name !== old[index]?.name) found.forbidden(at.child('name'), `${field} may not be renamed or reordered on resize`)
  })
}

function checkContainers(found: Findings, now: Container[] = [], old: Container[] = [], field: string): void {
  forEachItem(now, path.child(field), ({ resources, restartPolicy }, at, index) => {
    if (field === 'initContainers' && restartPolicy !== 'Always') return
    for (const which of ['requests', 'limits'] as const) {
      const removed = Object.keys(old[index]?.resources?.[which] ?? {}).some((name) => resources?.[which]?.[name] === undefined)
      if (removed) found.forbidden(at.child('resources', which), `resource ${which} cannot be removed`)
    }
  })
}

function sameBesidesCompute(container: Container, old: Container | undefined): boolean {
  return sameValue(withoutCompute(container), old && withoutCompute(old))
}

function withoutCompute(container: Container): Container {
  const { requests, limits }: ResourceRequirements = container.resources ?? {}
  return { ...container, resources: { requests: rest(requests), limits: rest(limits) } }
}

function rest(amounts: Amounts = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => name !== 'cpu' && name !== 'memory'))
}
