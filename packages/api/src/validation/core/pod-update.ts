import { FieldPath, validateInRange } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { specDifference } from '../difference.js'
import { type Findings, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'
import { maxInt32 } from '../numbers.js'
import { checkPodAnnotationsUpdate } from './pod-annotations.js'
import { checkTighterNodeAffinity, checkTighterNodeSelector } from './scheduling-change.js'
import { checkAddedTolerations } from './tolerations.js'

type Pod = TypeOf<'core.v1.Pod'>
type PodSpec = TypeOf<'core.v1.PodSpec'>
type Container = TypeOf<'core.v1.Container'>

const path = FieldPath.root('spec')

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',')

const none: PodSpec = { containers: [] }

/** What an update of a pod may change: images, deadlines and tolerations; and before it is scheduled, where it may go. */
export function checkPodChange(found: Findings, pod: Pod, old: Pod): void {
  checkPodAnnotationsUpdate(found, pod.metadata.annotations, old.metadata.annotations, FieldPath.root('metadata', 'annotations'))
  const spec = pod.spec ?? none
  const before = old.spec ?? none
  for (const name of ['containers', 'initContainers'] as const) {
    if (!checkContainersKept(found, spec[name] ?? [], before[name] ?? [], path.child(name))) return
  }
  if (!checkDeadline(found, spec.activeDeadlineSeconds, before.activeDeadlineSeconds, path.child('activeDeadlineSeconds'))) return
  checkAddedTolerations(found, spec.tolerations ?? [], before.tolerations ?? [], path.child('tolerations'))
  checkGatesRemoved(found, spec.schedulingGates ?? [], before.schedulingGates ?? [])
  if (sameValue(spec, before)) return
  const compared = withoutAllowedChanges(spec, before)
  if (before.schedulingGates?.length) {
    if (!sameValue(compared.nodeSelector, before.nodeSelector)) {
      checkTighterNodeSelector(found, compared.nodeSelector ?? {}, before.nodeSelector ?? {}, path.child('nodeSelector'))
      compared.nodeSelector = before.nodeSelector
    }
    const nodeAffinity = before.affinity?.nodeAffinity
    if (!sameValue(compared.affinity?.nodeAffinity, nodeAffinity)) {
      checkTighterNodeAffinity(found, compared.affinity?.nodeAffinity, nodeAffinity, path.child('affinity', 'nodeAffinity'))
      compared.affinity = keepOthers(compared.affinity, before.affinity)
    }
  }
  if (!sameValue(present(compared), present(before))) {
    found.forbidden(path, `pod updates may not change fields other than ${changeable}\n${specDifference(before, compared)}`)
  }
}

function checkContainersKept(found: Findings, containers: readonly Container[], old: readonly Container[], at: FieldPath): boolean {
  if (containers.length !== old.length) {
    found.forbidden(at, 'pod updates may not add or remove containers')
    return false
  }
  forEachItem(containers, at, ({ image = '' }, here) => {
    if (image === '') found.required(here.child('image'))
    if (image.trim() !== image) found.invalid(here.child('image'), image, 'must not have leading or trailing whitespace')
  })
  return true
}

/** A deadline may be set and brought forward, but not taken away. */
function checkDeadline(found: Findings, deadline: number | undefined, old: number | undefined, at: FieldPath): boolean {
  if (deadline === undefined) {
    if (old !== undefined) found.invalid(at, null, 'must not update from a positive integer to nil value')
    return true
  }
  const problems = validateInRange(deadline, 0, maxInt32)
  found.each(at, deadline, problems)
  if (problems.length > 0) return false
  if (old === undefined || deadline <= old) return true
  found.invalid(at, deadline, 'must be less than or equal to previous value')
  return false
}

function checkGatesRemoved(found: Findings, gates: readonly { name: string }[], old: readonly { name: string }[]): void {
  forEachItem(gates, path.child('schedulingGates'), ({ name }, at) => {
    if (!old.some((gate) => gate.name === name)) {
      found.forbidden(at.child('name'), `only deletion is allowed, but found new scheduling gate '${name}'`)
    }
  })
}

function withoutAllowedChanges(spec: PodSpec, old: PodSpec): PodSpec {
  const { initContainers } = spec
  const wasNegative = (old.terminationGracePeriodSeconds ?? 0) < 0
  return {
    ...spec,
    containers: withImages(spec.containers, old.containers),
    ...(initContainers && { initContainers: withImages(initContainers, old.initContainers) }),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
    ...(wasNegative && spec.terminationGracePeriodSeconds === 1 && { terminationGracePeriodSeconds: old.terminationGracePeriodSeconds }),
  }
}

const withImages = (containers: readonly Container[] = [], old: readonly Container[] = []): Container[] =>
  containers.map((container, index) => ({ ...container, image: old[index]?.image }))

function keepOthers(affinity: PodSpec['affinity'], old: PodSpec['affinity']): PodSpec['affinity'] {
  if (!affinity) return old?.nodeAffinity ? { nodeAffinity: old.nodeAffinity } : undefined
  if (!old && !affinity.podAffinity && !affinity.podAntiAffinity) return undefined
  return { ...affinity, nodeAffinity: old?.nodeAffinity }
}

/** Without absent fields and empty lists, which are one. */
const present = (spec: PodSpec): object =>
  Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)))
