import type { Kind } from '@treeline/api'
import type { ObjectMeta } from '@treeline/machinery'
import type { DeleteOptions } from './delete-options.js'

const orphanFinalizer = 'orphan'
const foregroundFinalizer = 'foregroundDeletion'

/** The finalizers an object gets when it is deleted so that the garbage collector treats its dependents as asked; the same list when nothing changes. */
export function finalizersForDeletion(kind: Kind, metadata: ObjectMeta, options: DeleteOptions): readonly string[] {
  const current = metadata.finalizers ?? []
  const next = current.filter((finalizer) => finalizer !== orphanFinalizer && finalizer !== foregroundFinalizer)
  if (orphansDependents(kind, current, options)) next.push(orphanFinalizer)
  if (deletesDependentsFirst(kind, current, options)) next.push(foregroundFinalizer)
  return next.length === current.length && next.every((finalizer) => current.includes(finalizer)) ? current : next
}

function orphansDependents(kind: Kind, current: readonly string[], options: DeleteOptions): boolean {
  const { defaultPropagation } = kind.strategy
  if (defaultPropagation === 'Unsupported') return false
  if (options.orphanDependents !== undefined) return options.orphanDependents
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === 'Orphan'
  if (current.includes(orphanFinalizer)) return true
  if (current.includes(foregroundFinalizer)) return false
  return defaultPropagation === 'Orphan'
}

function deletesDependentsFirst(kind: Kind, current: readonly string[], options: DeleteOptions): boolean {
  if (kind.strategy.defaultPropagation === 'Unsupported') return false
  if (options.orphanDependents !== undefined) return false
  if (options.propagationPolicy !== undefined) return options.propagationPolicy === 'Foreground'
  return current.includes(foregroundFinalizer) && !current.includes(orphanFinalizer)
}
