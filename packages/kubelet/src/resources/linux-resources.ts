import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Container } from '@treeline/api'
import type { LinuxContainerResourcesSchema } from '@treeline/cri'
import { Quantity } from '@treeline/machinery'
import { type AssignedPod, containersOf, isSidecar } from '../assigned-pod.js'
import { podTotal, qosClass } from './requests.js'

type LinuxResources = MessageInitShape<typeof LinuxContainerResourcesSchema>

const quotaPeriod = 100_000
const leastQuota = 1_000
const leastShares = 2
const mostShares = 262_144
const systemNodeCritical = 2_000_001_000

/** CPU and memory numbers of a container for its cgroup. No CPU limit is quota 0, "leave as it is". */
export function containerResources(pod: AssignedPod, container: Container, nodeMemory: number): LinuxResources {
  const { requests, limits } = container.resources ?? {}
  const cpuLimit = limits?.['cpu']
  const memoryLimit = limits?.['memory']
  return {
    cpuPeriod: BigInt(quotaPeriod),
    cpuQuota: cpuLimit === undefined ? 0n : BigInt(cpuQuota(Quantity.parse(cpuLimit).milliValue())),
    cpuShares: BigInt(cpuShares(milli(requests?.['cpu'] ?? cpuLimit))),
    memoryLimitInBytes: memoryLimit === undefined ? 0n : BigInt(Quantity.parse(memoryLimit).value()),
    oomScoreAdj: BigInt(oomScore(pod, container, nodeMemory)),
  }
}

/** CPU and memory numbers of the whole pod, as runtimes that size the sandbox itself want them. */
export function sandboxResources(pod: AssignedPod): LinuxResources {
  const requests = podTotal(pod, 'requests')
  const limits = podTotal(pod, 'limits')
  const cpu = limits['cpu']
  return {
    cpuPeriod: BigInt(quotaPeriod),
    cpuQuota: cpu === undefined ? 0n : BigInt(cpuQuota(cpu.milliValue())),
    cpuShares: BigInt(cpuShares((requests['cpu'] ?? cpu)?.milliValue() ?? 0)),
    memoryLimitInBytes: BigInt(limits['memory']?.value() ?? 0),
  }
}

/** cpu.shares of a request in thousandths of a core. */
export function cpuShares(millicores: number): number {
  return Math.min(mostShares, Math.max(leastShares, Math.floor((millicores * 1_024) / 1_000)))
}

/** cpu.cfs_quota_us for a period of 100 ms. */
export function cpuQuota(millicores: number): number {
  return Math.max(leastQuota, Math.floor((millicores * quotaPeriod) / 1_000))
}

/** Who is killed first when the node runs out of memory: the higher, the sooner. */
export function oomScore(pod: AssignedPod, container: Container, nodeMemory: number): number {
  if ((pod.spec.priority ?? 0) >= systemNodeCritical) return -997
  switch (qosClass(pod)) {
    case 'Guaranteed':
      return -997
    case 'BestEffort':
      return 1_000
    default: {
      const own = burstableScore(container, nodeMemory)
      if (!isSidecar(container)) return own
      const apps = containersOf(pod).flatMap(({ role, container }) => (role === 'app' ? [burstableScore(container, nodeMemory)] : []))
      return Math.min(own, ...apps)
    }
  }
}

function burstableScore(container: Container, nodeMemory: number): number {
  const request = Quantity.parse(container.resources?.requests?.['memory'] ?? '0').value()
  const score = Math.floor(1_000 - (1_000 * request) / Math.max(nodeMemory, 1))
  return Math.min(999, Math.max(3, score))
}

function milli(text: string | undefined): number {
  return text === undefined ? 0 : Quantity.parse(text).milliValue()
}
