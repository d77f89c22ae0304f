import type { NamespaceCondition } from '@treeline/api'
import { formatTime } from '@treeline/machinery'
import { findCondition } from '../conditions.js'
import type { Remains } from './namespace-content.js'

type Told = Pick<NamespaceCondition, 'reason' | 'message'>

/** What each condition says when all is well, in the order they are kept. */
const well: readonly (Told & { readonly type: string })[] = [
  { type: 'NamespaceDeletionDiscoveryFailure', reason: 'ResourcesDiscovered', message: 'All resources successfully discovered' },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
  { type: 'NamespaceContentRemaining', reason: 'ContentRemoved', message: 'All content successfully removed' },
  { type: 'NamespaceFinalizersRemaining', reason: 'ContentHasNoFinalizers', message: 'All content-preserving finalizers finished' },
]

/** The conditions of a terminating namespace; the given list itself if nothing is new. A condition that is True is a problem. */
export function namespaceConditions(
  known: readonly NamespaceCondition[] | undefined,
  remains: Remains,
  now: number,
): readonly NamespaceCondition[] {
  const problems = problemsOf(remains)
  const conditions = [...(known ?? [])]
  let changed = false
  for (const { type, ...fine } of well) {
    const problem = problems[type]
    const told = { type, status: problem ? ('True' as const) : ('False' as const), ...(problem ?? fine) }
    const old = findCondition(conditions, type)
    if (old && old.status === told.status && old.reason === told.reason && old.message === told.message) continue
    changed = true
    const lastTransitionTime = old?.status === told.status ? old.lastTransitionTime : formatTime(new Date(now))
    const next = { ...told, lastTransitionTime } as NamespaceCondition
    if (old) conditions[conditions.indexOf(old)] = next
    else conditions.push(next)
  }
  return changed ? conditions : (known ?? conditions)
}

function problemsOf({ discoveryFailure, contentErrors, resources, finalizers, waitingForPods }: Remains): Record<string, Told> {
  const problems: Record<string, Told> = {}
  if (discoveryFailure) problems['NamespaceDeletionDiscoveryFailure'] = { reason: 'DiscoveryFailed', message: discoveryFailure }
  if (contentErrors.length > 0) {
    const message = `Failed to delete all resource types, ${contentErrors.length} remaining: ${[...contentErrors].sort().join(', ')}`
    problems['NamespaceDeletionContentFailure'] = { reason: 'ContentDeletionFailed', message }
  }
  if (waitingForPods) return problems
  if (resources.size > 0) {
    const list = [...resources].map(([name, count]) => `${name} has ${count} resource instances`).sort()
    problems['NamespaceContentRemaining'] = { reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${list.join(', ')}` }
  }
  if (finalizers.size > 0) {
    const list = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort()
    const message = `Some content in the namespace has finalizers remaining: ${list.join(', ')}`
    problems['NamespaceFinalizersRemaining'] = { reason: 'SomeFinalizersRemain', message }
  }
  return problems
}
