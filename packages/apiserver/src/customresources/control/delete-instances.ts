import type { CustomResourceDefinition, CustomResourceDefinitionCondition, Kind } from '@treeline/api'
import { aggregateMessages, formatTime, isNotFound } from '@treeline/machinery'
import { afterDelete } from '../../registry/delete-object.js'
import type { ResourceStore } from '../../resource-store/resource-store.js'
import { builtinResources } from './builtin-resources.js'
import { isTrue } from './conditions.js'

type Condition = CustomResourceDefinitionCondition

/** What came of deleting the objects of a definition. */
export interface CleanupOutcome {
  /** Terminating, as it stands now. */
  readonly condition: Condition
  /** Nothing is left; the definition may go. */
  readonly done: boolean
}

/**
 * Deletes what is left of a definition's objects: finalizers are heard, admission is not asked, since whoever would
 * answer may be part of what is being taken away. `stored` is the kind they are stored as.
 */
export async function deleteInstances(
  definition: CustomResourceDefinition,
  stored: ResourceStore | undefined,
  now: Date,
): Promise<CleanupOutcome> {
  const outcome = (status: Status, reason: string, message: string): CleanupOutcome => ({
    condition: terminating(status, reason, message, now),
    done: status === 'False',
  })
  const { group, names } = definition.spec
  if (builtinResources.has(`${group}/${names.plural}`)) {
    return outcome('False', 'OverlappingBuiltInResource', 'instances overlap with built-in resources in storage')
  }
  if (!isTrue(definition, 'Established')) return outcome('False', 'NeverEstablished', 'resource was never established')
  if (!stored) return outcome('False', 'InstanceDeletionCompleted', 'removed all instances')
  await stored.ready
  const problems = await deleteAll(stored, now)
  if (problems.length > 0) {
    return outcome('True', 'InstanceDeletionFailed', `could not issue all deletes: ${aggregateMessages(problems)}`)
  }
  if (stored.all().length > 0) return { condition: deletionInProgress(now), done: false }
  return outcome('False', 'InstanceDeletionCompleted', 'removed all instances')
}

/** The condition of a definition whose objects are being deleted. */
export function deletionInProgress(now: Date): Condition {
  return terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress', now)
}

type Status = 'True' | 'False'

function terminating(status: Status, reason: string, message: string, now: Date): Condition {
  return { type: 'Terminating', status, reason, message, lastTransitionTime: formatTime(now) }
}

async function deleteAll(store: ResourceStore, now: Date): Promise<string[]> {
  const problems: string[] = []
  for (const { object } of store.all()) {
    const { namespace, name = '', deletionTimestamp } = object.metadata
    if (deletionTimestamp) continue
    try {
      await store.update(namespace, name, (current) => afterDelete(store.kind as Kind, current.object, { dryRun: [] }, now.getTime()))
    } catch (error) {
      if (!isNotFound(error)) problems.push(error instanceof Error ? error.message : String(error))
    }
  }
  return problems
}
