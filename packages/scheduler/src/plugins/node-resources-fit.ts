import type { NodeInfo } from '../cache/node-info.js'
import type { SchedulerPlugin } from '../framework/plugin.js'
import { type Refusal, unresolvable, unschedulable } from '../framework/status.js'
import type { PodInfo } from '../pods/pod-info.js'

/** A pod fits when what it requests is free; emptier nodes score higher. */
export const nodeResourcesFit: SchedulerPlugin = {
  name: 'NodeResourcesFit',
  filter: ({ pod }, node) => insufficiency(pod, node),
  score({ pod }, node) {
    const cpu = leastAllocated(node.assumedRequested.milliCPU + pod.assumedRequest.milliCPU, node.allocatable.milliCPU)
    const memory = leastAllocated(node.assumedRequested.memory + pod.assumedRequest.memory, node.allocatable.memory)
    const known = (node.allocatable.milliCPU > 0 ? 1 : 0) + (node.allocatable.memory > 0 ? 1 : 0)
    return known === 0 ? 0 : Math.trunc((cpu + memory) / known)
  },
  requeueOn: [
    { on: ['pod-deleted'] },
    {
      on: ['node-added', 'node-allocatable'],
      helps: (pod, change) => !('node' in change) || insufficiency(pod, change.node) === undefined,
    },
  ],
}

function leastAllocated(requested: number, allocatable: number): number {
  return allocatable === 0 || requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * 100) / allocatable)
}

/** Every resource that is short; beyond what even an empty node has, preemption cannot help. */
function insufficiency(pod: PodInfo, node: NodeInfo): Refusal | undefined {
  const { allocatable, requested } = node
  const { request } = pod
  let reasons: string[] | undefined
  let hopeless = false
  const check = (name: string, want: number, have: number, used: number): void => {
    if (want === 0 || want <= have - used) return
    reasons ??= []
    reasons.push(`Insufficient ${name}`)
    if (want > have) hopeless = true
  }
  if (node.pods.size + 1 > allocatable.pods) reasons = ['Too many pods']
  check('cpu', request.milliCPU, allocatable.milliCPU, requested.milliCPU)
  check('memory', request.memory, allocatable.memory, requested.memory)
  check('ephemeral-storage', request.ephemeralStorage, allocatable.ephemeralStorage, requested.ephemeralStorage)
  if (request.scalars)
    for (const [name, want] of request.scalars) check(name, want, allocatable.scalars?.get(name) ?? 0, requested.scalars?.get(name) ?? 0)
  if (!reasons) return undefined
  return hopeless ? unresolvable(...reasons) : unschedulable(...reasons)
}

/** Prefers nodes whose CPU and memory are used in like measure. */
export const nodeResourcesBalancedAllocation: SchedulerPlugin = {
  name: 'NodeResourcesBalancedAllocation',
  preScore: ({ pod }) => (pod.request.milliCPU === 0 && pod.request.memory === 0 ? 'skip' : undefined),
  score({ pod }, node) {
    const fractions: number[] = []
    if (node.allocatable.milliCPU > 0)
      fractions.push(Math.min(1, (node.requested.milliCPU + pod.request.milliCPU) / node.allocatable.milliCPU))
    if (node.allocatable.memory > 0) fractions.push(Math.min(1, (node.requested.memory + pod.request.memory) / node.allocatable.memory))
    const [a = 0, b = a] = fractions
    return Math.trunc((1 - Math.abs(a - b) / 2) * 100)
  },
}
