import type { Node, Pod } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { ClusterChange } from './framework/plugin.js'

/** What of a node changed that can matter to a waiting pod; heartbeats do not. */
export function nodeChanges(node: Node, old: Node | undefined): Exclude<ClusterChange['type'], `pod-${string}` | 'other'>[] {
  if (!old) return ['node-added']
  const changes: ReturnType<typeof nodeChanges> = []
  if (!deepEqual(node.status?.allocatable, old.status?.allocatable)) changes.push('node-allocatable')
  if (!deepEqual(node.metadata.labels, old.metadata.labels)) changes.push('node-labels')
  if (node.spec?.unschedulable !== old.spec?.unschedulable || !deepEqual(node.spec?.taints, old.spec?.taints)) changes.push('node-taints')
  const statuses = (conditions: NonNullable<Node['status']>['conditions']): (string | undefined)[] =>
    (conditions ?? []).flatMap(({ type, status }) => [type, status])
  if (!deepEqual(statuses(node.status?.conditions), statuses(old.status?.conditions))) changes.push('node-conditions')
  return changes
}

/** Whether an update of a waiting pod can make it schedulable; its own status cannot. */
export function mayHelpItself(pod: Pod, old: Pod): boolean {
  return (
    !deepEqual(pod.spec, old.spec) ||
    !deepEqual(pod.metadata.labels, old.metadata.labels) ||
    !deepEqual(pod.metadata.annotations, old.metadata.annotations)
  )
}
