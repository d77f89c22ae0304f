import { Quantity } from '@treeline/machinery'
import type { Machine } from './machine.js'

type Resources = Readonly<Record<string, string>>

/** What is kept free by hard eviction, beyond what is reserved: memory in bytes, and a share of storage. */
const memoryThreshold = 100 * 2 ** 20
const storageThreshold = 0.1

/** What the node has; overrides win. */
export function nodeCapacity(machine: Machine, maxPods: number, overrides: Resources): Record<string, string> {
  return {
    cpu: String(machine.cpus),
    'ephemeral-storage': `${Math.floor(machine.storage / 1_024)}Ki`,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${Math.floor(machine.memory / 1_024)}Ki`,
    pods: String(maxPods),
    ...overrides,
  }
}

/** What pods may use of it. Never below zero. */
export function nodeAllocatable(capacity: Resources, reserved: Resources): Record<string, string> {
  return Object.fromEntries(
    Object.entries(capacity).map(([name, text]) => {
      let left = Quantity.parse(text)
      const kept = reserved[name]
      if (kept !== undefined) left = left.sub(Quantity.parse(kept))
      if (name === 'memory') left = left.sub(Quantity.of(memoryThreshold))
      if (name === 'ephemeral-storage') left = Quantity.of(Math.floor(left.value() * (1 - storageThreshold)))
      return [name, left.sign < 0 ? '0' : left.toString()]
    }),
  )
}
