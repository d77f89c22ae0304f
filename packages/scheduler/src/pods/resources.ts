import type { Container, Pod, ResourceRequirements } from '@treeline/api'
import { Quantity } from '@treeline/machinery'

/** Amounts of resources; CPU in thousandths, the rest in their own unit (bytes, pieces). */
export interface Resources {
  milliCPU: number
  memory: number
  ephemeralStorage: number
  pods: number
  /** Extended and hugepage resources by name; absent when there are none. */
  scalars: Map<string, number> | undefined
}

type Amounts = Readonly<Record<string, string | number>> | undefined

export function noResources(): Resources {
  return { milliCPU: 0, memory: 0, ephemeralStorage: 0, pods: 0, scalars: undefined }
}

const parsed = new Map<string, number>()

/** The same few texts come by the thousand; the cache is dropped whole when it has grown too large. */
function amount(text: string | number, milli: boolean): number {
  const key = milli ? `m${text}` : String(text)
  let value = parsed.get(key)
  if (value === undefined) {
    const quantity = Quantity.parse(text)
    value = milli ? quantity.milliValue() : quantity.value()
    if (parsed.size > 10_000) parsed.clear()
    parsed.set(key, value)
  }
  return value
}

/** Amounts as a node's allocatable or a container's requests give them. */
export function resourcesOf(amounts: Amounts): Resources {
  const result = noResources()
  for (const [name, text] of Object.entries(amounts ?? {})) {
    if (name === 'cpu') result.milliCPU = amount(text, true)
    else if (name === 'memory') result.memory = amount(text, false)
    else if (name === 'ephemeral-storage') result.ephemeralStorage = amount(text, false)
    else if (name === 'pods') result.pods = amount(text, false)
    else {
      result.scalars ??= new Map()
      result.scalars.set(name, amount(text, false))
    }
  }
  return result
}

export function addTo(sum: Resources, more: Resources, sign: 1 | -1 = 1): void {
  sum.milliCPU += sign * more.milliCPU
  sum.memory += sign * more.memory
  sum.ephemeralStorage += sign * more.ephemeralStorage
  if (!more.scalars) return
  sum.scalars ??= new Map()
  for (const [name, value] of more.scalars) sum.scalars.set(name, (sum.scalars.get(name) ?? 0) + sign * value)
}

function maxInto(most: Resources, other: Resources): void {
  most.milliCPU = Math.max(most.milliCPU, other.milliCPU)
  most.memory = Math.max(most.memory, other.memory)
  most.ephemeralStorage = Math.max(most.ephemeralStorage, other.ephemeralStorage)
  if (!other.scalars) return
  most.scalars ??= new Map()
  for (const [name, value] of other.scalars) most.scalars.set(name, Math.max(most.scalars.get(name) ?? 0, value))
}

/** What a container without a request counts as when nodes are scored. */
const assumedMilliCPU = 100
const assumedMemory = 200 * 1024 * 1024

/**
 * What a pod asks for: its app containers and sidecars together, or its widest init phase, whichever is more, plus
 * overhead; pod-level requests win. `assumed` counts containers without requests at a floor, for scoring.
 */
export function podRequest(pod: Pod, assumed = false): Resources {
  const { spec } = pod
  const of = (container: Container): Resources => containerRequest(container.resources, assumed)
  const running = noResources()
  for (const container of spec?.containers ?? []) addTo(running, of(container))
  const initial = noResources()
  const sidecars = noResources()
  for (const container of spec?.initContainers ?? []) {
    const request = of(container)
    if (container.restartPolicy === 'Always') {
      addTo(sidecars, request)
      addTo(running, request)
      maxInto(initial, sidecars)
    } else {
      const phase = noResources()
      addTo(phase, request)
      addTo(phase, sidecars)
      maxInto(initial, phase)
    }
  }
  maxInto(running, initial)
  overridePodLevel(running, spec?.resources)
  if (spec?.overhead) addTo(running, resourcesOf(spec.overhead))
  return running
}

function containerRequest(resources: ResourceRequirements | undefined, assumed: boolean): Resources {
  const request = resourcesOf(resources?.requests)
  if (assumed) {
    if (resources?.requests?.cpu === undefined) request.milliCPU = assumedMilliCPU
    if (resources?.requests?.memory === undefined) request.memory = assumedMemory
  }
  return request
}

function overridePodLevel(sum: Resources, podLevel: ResourceRequirements | undefined): void {
  const requests = podLevel?.requests
  if (!requests) return
  const whole = resourcesOf(requests)
  if (requests.cpu !== undefined) sum.milliCPU = whole.milliCPU
  if (requests.memory !== undefined) sum.memory = whole.memory
}
