import type { Strategy } from '@treeline/api'
import { deepEqual, type KubernetesObject } from '@treeline/machinery'

/** Counts what a creator set up as the first state. Kinds without generation keep what they were given. */
export function initialGeneration<T extends KubernetesObject>(strategy: Strategy<T>, object: T): void {
  if (strategy.generation !== 'none') object.metadata.generation = 1
}

/** Carries the generation over, one higher when the part that counts has changed. `asStored` gives the object as storage would leave it. */
export function nextGeneration<T extends KubernetesObject>(strategy: Strategy<T>, object: T, old: T, asStored: () => T): void {
  const current = old.metadata.generation
  const changed = strategy.generation !== 'none' && !deepEqual(countedPart(strategy, asStored()), countedPart(strategy, old))
  const next = changed ? (current ?? 0) + 1 : current
  if (next === undefined) delete object.metadata.generation
  else object.metadata.generation = next
}

function countedPart<T extends KubernetesObject>(strategy: Strategy<T>, object: T): unknown {
  if (strategy.generationCounts) return strategy.generationCounts(object)
  const { metadata: _metadata, ...rest } = object as T & { spec?: unknown; status?: unknown }
  if (strategy.generation === 'spec') return rest.spec
  if (strategy.generation === 'outside-metadata') return rest
  const { status: _status, ...counted } = rest
  return counted
}
