import type { DaemonSet, Node, Pod } from '@treeline/api'
import { scaledIntOrPercent } from '@treeline/machinery'
import { isPodAvailable, isPodReady } from '../pods/pod-state.js'
import { isUpdated } from './daemon-pod.js'
import { fitOf } from './node-fit.js'

/** Pods to delete, and nodes to make one for. */
export interface DaemonPlan {
  readonly create: string[]
  readonly delete: Pod[]
}

export interface DaemonView {
  readonly set: DaemonSet
  readonly nodes: readonly Node[]
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>
  /** Of the revision of the template. */
  readonly hash: string
  readonly now: number
}

/** What to do with a pod that has ended: delete it, or leave it for now. */
export type EndedPod = (node: string, pod: Pod) => 'delete' | 'leave'

const isAvailable = ({ set, now }: DaemonView, pod: Pod) => isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now)

/** One running pod on each node that should have one, none on others. */
export function planDaemons(view: DaemonView, ended: EndedPod): DaemonPlan {
  const plan: DaemonPlan = { create: [], delete: [] }
  const known = new Set<string>()
  for (const node of view.nodes) {
    const name = node.metadata.name ?? ''
    known.add(name)
    planNode(view, node, name, view.podsByNode.get(name), ended, plan)
  }
  for (const [node, pods] of view.podsByNode) {
    if (!known.has(node)) plan.delete.push(...pods.filter((pod) => !pod.spec?.nodeName))
  }
  return plan
}

function planNode(view: DaemonView, node: Node, name: string, pods: readonly Pod[] | undefined, ended: EndedPod, plan: DaemonPlan): void {
  const { run, stay } = fitOf(view.set, node)
  if (run && !pods) plan.create.push(name)
  if (!pods) return
  const present = pods.filter((pod) => !pod.metadata.deletionTimestamp)
  if (!stay) {
    plan.delete.push(...present)
    return
  }
  const running: Pod[] = []
  for (const pod of present) {
    if (pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded') running.push(pod)
    else if (ended(name, pod) === 'delete') plan.delete.push(pod)
  }
  running.sort(byCreationAndNode)
  if (!allowsSurge(view.set)) {
    plan.delete.push(...running.slice(1))
    return
  }
  if (running.length === 0 && run) plan.create.push(name)
  if (running.length > 1) plan.delete.push(...surplusOfSurge(view, running))
}

/** One old and one new pod may be on a node; the old one goes when the new one is available, or if it is not ready itself. */
function surplusOfSurge(view: DaemonView, running: readonly Pod[]): Pod[] {
  const fresh = running.find((pod) => pod.metadata.labels?.['controller-revision-hash'] === view.hash)
  const old = running.find((pod) => pod.metadata.labels?.['controller-revision-hash'] !== view.hash)
  const surplus = running.filter((pod) => pod !== fresh && pod !== old)
  if (fresh && old && (!isPodReady(old) || isAvailable(view, fresh))) surplus.push(old)
  return surplus
}

/** The next pods of another revision to replace, as far as the strategy lets pods be missing, or too many. */
export function planRollout(view: DaemonView): DaemonPlan {
  const desired = view.nodes.filter((node) => fitOf(view.set, node).run)
  const byNode = new Map(view.podsByNode)
  for (const { metadata } of desired) if (!byNode.has(metadata.name ?? '')) byNode.set(metadata.name ?? '', [])
  const surge = surgeOf(view.set, desired.length)
  const configured = unavailableOf(view.set, desired.length)
  if (surge > 0) return planSurge(view, byNode, surge, desired.length)
  return planReplacement(view, byNode, desired.length > 0 && configured === 0 ? 1 : configured)
}

function planReplacement(view: DaemonView, byNode: ReadonlyMap<string, readonly Pod[]>, maxUnavailable: number): DaemonPlan {
  let unavailable = 0
  const broken: Pod[] = []
  const candidates: Pod[] = []
  for (const pods of byNode.values()) {
    const found = oldAndNew(view, pods)
    if (!found || Boolean(found.old) === Boolean(found.fresh)) unavailable++
    else if (found.fresh) unavailable += isAvailable(view, found.fresh) ? 0 : 1
    else if (found.old && !isAvailable(view, found.old)) {
      broken.push(found.old)
      unavailable++
    } else if (found.old) candidates.push(found.old)
  }
  return { create: [], delete: [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))] }
}

function planSurge(view: DaemonView, byNode: ReadonlyMap<string, readonly Pod[]>, maxSurge: number, desired: number): DaemonPlan {
  const plan: DaemonPlan = { create: [], delete: [] }
  const nodes = new Map(view.nodes.map((node) => [node.metadata.name ?? '', node]))
  const candidates: string[] = []
  const unwanted: Pod[] = []
  let [surge, available] = [0, 0]
  for (const [name, pods] of byNode) {
    const found = oldAndNew(view, pods)
    if (!found) {
      surge++
      continue
    }
    const { old, fresh } = found
    const serving = old ?? fresh
    if (serving && isAvailable(view, serving)) available++
    if (!old) continue
    if (fresh) {
      if (isAvailable(view, fresh)) plan.delete.push(old)
      else surge++
      continue
    }
    const node = nodes.get(name)
    const runs = node !== undefined && fitOf(view.set, node).run
    if (!isAvailable(view, old)) runs ? plan.create.push(name) : plan.delete.push(old)
    else if (runs) candidates.push(name)
    else unwanted.push(old)
  }
  plan.delete.push(...unwanted.slice(0, Math.max(0, available - desired)))
  plan.create.push(...candidates.slice(0, Math.max(0, maxSurge - surge)))
  return plan
}

/** The pod of another and that of the current revision on a node; undefined if there are several of one. */
function oldAndNew({ set, hash }: DaemonView, pods: readonly Pod[]): { old?: Pod; fresh?: Pod } | undefined {
  const found: { old?: Pod; fresh?: Pod } = {}
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp) continue
    const which = isUpdated(set, pod, hash) ? 'fresh' : 'old'
    if (found[which]) return undefined
    found[which] = pod
  }
  return found
}

function surgeOf({ spec }: DaemonSet, nodes: number): number {
  const strategy = spec?.updateStrategy
  return (strategy?.type ?? 'RollingUpdate') === 'RollingUpdate'
    ? scaledIntOrPercent(strategy?.rollingUpdate?.maxSurge ?? 0, nodes, true)
    : 0
}

function unavailableOf({ spec }: DaemonSet, nodes: number): number {
  return scaledIntOrPercent(spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, nodes, true)
}

export function allowsSurge(set: DaemonSet): boolean {
  return surgeOf(set, 1) > 0
}

/** Scheduled ones first, then the oldest. */
export function byCreationAndNode(a: Pod, b: Pod): number {
  const created = ({ metadata }: Pod) => Date.parse(metadata.creationTimestamp ?? '')
  return (
    Number(!a.spec?.nodeName) - Number(!b.spec?.nodeName) ||
    created(a) - created(b) ||
    (String(a.metadata.name) < String(b.metadata.name) ? -1 : 1)
  )
}
