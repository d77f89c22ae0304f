import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkContainer, checkHostPorts, checkImagePadding, type PodSurroundings } from './container.js'
import { checkLifecycle, checkProbes } from './handlers.js'
import { checkInitRestartPolicy, checkRestartPolicy } from './restart-rules.js'

type Container = TypeOf<'core.v1.Container'>
type EphemeralContainer = TypeOf<'core.v1.EphemeralContainer'>

/** The containers that run for as long as the pod does: at least one, each with a name of its own. */
export function checkContainers(
  found: Findings,
  containers: readonly Container[] | undefined,
  path: FieldPath,
  pod: PodSurroundings,
): void {
  if (!containers?.length) {
    found.required(path)
    return
  }
  const names = new Set<string>()
  forEachItem(containers, path, (container, at) => {
    checkContainer(found, container, at, pod)
    if (names.has(container.name)) found.duplicate(at.child('name'), container.name)
    names.add(container.name)
    if (container.lifecycle) checkLifecycle(found, container.lifecycle, at.child('lifecycle'), pod)
    checkProbes(found, container, at)
    checkRestartPolicy(found, container, at)
  })
  checkHostPorts(found, containers, path)
}

const whatSidecarsHave = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const

/** Containers that run before the others; those that keep running may have probes and hooks. */
export function checkInitContainers(
  found: Findings,
  { initContainers, containers = [] }: Pick<TypeOf<'core.v1.PodSpec'>, 'initContainers' | 'containers'>,
  path: FieldPath,
  pod: PodSurroundings,
): void {
  const names = new Set(containers.map(({ name }) => name))
  forEachItem(initContainers, path, (container, at) => {
    checkContainer(found, container, at, pod)
    checkInitRestartPolicy(found, container, at)
    if (names.has(container.name)) found.duplicate(at.child('name'), container.name)
    else if (container.name) names.add(container.name)
    checkHostPorts(found, [container], path)
    if (container.restartPolicy === 'Always') {
      if (container.lifecycle) checkLifecycle(found, container.lifecycle, at.child('lifecycle'), pod)
      checkProbes(found, container, at)
    } else {
      for (const name of whatSidecarsHave) {
        if (container[name]) found.forbidden(at.child(name), 'may not be set for init containers without restartPolicy=Always')
      }
    }
  })
}

/** Fields of containers that ephemeral ones have no use for, in the order of the type. */
const notForEphemeral = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const

const ephemeralRefusal = 'cannot be set for an Ephemeral Container'

/** Containers added to a running pod. */
export function checkEphemeralContainers(
  found: Findings,
  { ephemeralContainers, containers = [], initContainers = [] }: TypeOf<'core.v1.PodSpec'>,
  path: FieldPath,
  pod: PodSurroundings,
): void {
  const others = new Set([...containers, ...initContainers].map(({ name }) => name))
  const names = new Set(others)
  forEachItem(ephemeralContainers, path, (container, at) => {
    checkContainer(found, container, at, pod)
    checkImagePadding(found, container, at)
    if (names.has(container.name)) found.duplicate(at.child('name'), container.name)
    names.add(container.name)
    const target = container.targetContainerName
    if (target && !others.has(target)) found.notFound(at.child('targetContainerName'), target)
    for (const name of notForEphemeral) if (isSet(container, name)) found.forbidden(at.child(name), ephemeralRefusal)
    forEachItem(container.volumeMounts, at.child('volumeMounts'), ({ subPath, subPathExpr }, here) => {
      if (subPath) found.forbidden(here.child('subPath'), ephemeralRefusal)
      if (subPathExpr) found.forbidden(here.child('subPathExpr'), ephemeralRefusal)
    })
  })
}

function isSet(container: EphemeralContainer, name: (typeof notForEphemeral)[number]): boolean {
  const value = container[name]
  return value !== undefined && (name !== 'resources' || Object.keys(value).length > 0)
}
