import { Node } from '@treeline/api'
import { type ControllerDefinition, on, type ReconcileContext } from '@treeline/client'
import type { InstanceDescription } from '@treeline/cloud-provider'
import { StatusError } from '@treeline/machinery'
import type { CloudContext } from '../cloud-context.js'
import { AbsenceRecord, type AbsenceRules, defaultAbsenceRules } from './absence.js'

export const shutdownTaint = 'node.cloudprovider.kubernetes.io/shutdown'

type Context = ReconcileContext & CloudContext
const pass = 'all nodes'

/**
 * Deletes nodes whose instance is gone for certain and taints those whose instance is stopped. A node that is Ready is
 * never asked about. Source: cloud-controller-manager contract §3, with its required improvement: absence is confirmed
 * over time, and an outage, an expired credential or a wrong region deletes nothing.
 */
export function nodeLifecycleController(options: { monitorPeriod: number; rules?: AbsenceRules }): ControllerDefinition<CloudContext> {
  const absences = new AbsenceRecord(options.rules ?? defaultAbsenceRules)
  return {
    name: 'cloud-node-lifecycle-controller',
    initialKeys: [pass],
    watches: [on(Node, (node, old) => (isReady(node) !== (old && isReady(old)) ? [pass] : []))],
    workers: 1,
    async reconcile(_key, context) {
      await monitor(context, absences)
      return { requeueAfter: options.monitorPeriod }
    },
  }
}

async function monitor(context: Context, absences: AbsenceRecord): Promise<void> {
  const nodes = context.cache.list(Node)
  absences.retain(new Set(nodes.map((node) => node.metadata.uid ?? '')))
  const ready = nodes.filter(isReady)
  for (const node of ready) absences.present(node.metadata.uid ?? '')
  await Promise.all(ready.filter(isTaintedShutdown).map((node) => setShutdownTaint(node, false, context)))

  const answers = await Promise.all(nodes.filter((node) => !isReady(node)).map((node) => ask(node, context)))
  const gone = answers.filter((answer) => answer.description.existence === 'gone')
  if (absences.breaks(gone.length, nodes.length)) {
    context.log.error(`${gone.length} of ${nodes.length} nodes are reported gone at once; deleting none of them`)
    for (const { node } of gone)
      context.events.event(
        node,
        'Warning',
        'NodeDeletionSuspended',
        `${gone.length} of ${nodes.length} instances were reported gone at once`,
      )
    return
  }
  await Promise.all(answers.map(({ node, description }) => act(node, description, context, absences)))
}

async function ask(node: Node, context: Context): Promise<{ node: Node; description: InstanceDescription }> {
  try {
    return { node, description: await context.instances.describe(node, context.signal) }
  } catch (error) {
    return { node, description: { existence: 'unknown', reason: error instanceof Error ? error : new Error(String(error)) } }
  }
}

async function act(node: Node, description: InstanceDescription, context: Context, absences: AbsenceRecord): Promise<void> {
  const uid = node.metadata.uid ?? ''
  switch (description.existence) {
    case 'foreign':
      return
    case 'unknown':
      context.log.error(`error checking if node ${node.metadata.name} exists: ${description.reason.message}`)
      return
    case 'exists':
      absences.present(uid)
      if (description.shutdown && !isTaintedShutdown(node)) await setShutdownTaint(node, true, context)
      return
    case 'gone':
      if (absences.absent(uid, Date.parse(node.metadata.creationTimestamp ?? ''), context.clock.now())) await deleteNode(node, context)
  }
}

async function deleteNode(node: Node, { client, events, signal }: Context): Promise<void> {
  const name = node.metadata.name ?? ''
  events.event(node, 'Normal', 'DeletingNode', `Deleting node ${name} because it does not exist in the cloud provider`)
  try {
    await client.delete(Node, { name }, { preconditions: { uid: node.metadata.uid ?? '' }, signal })
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'NotFound') return
    events.event(
      node,
      'Warning',
      'DeletingNodeFailed',
      `Failed deleting node ${name}: ${error instanceof Error ? error.message : String(error)}`,
    )
    throw error
  }
}

async function setShutdownTaint(node: Node, shutdown: boolean, { client, signal }: Context): Promise<void> {
  const others = (node.spec?.taints ?? []).filter((taint) => taint.key !== shutdownTaint)
  const taints = shutdown ? [...others, { key: shutdownTaint, effect: 'NoSchedule' as const }] : others
  // the resourceVersion makes the patch fail rather than undo another writer's taint
  const body = { metadata: { resourceVersion: node.metadata.resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } }
  await client.patch(Node, { name: node.metadata.name ?? '' }, { type: 'strategic', body }, { signal })
}

function isReady(node: Node): boolean {
  return node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
}

function isTaintedShutdown(node: Node): boolean {
  return node.spec?.taints?.some((taint) => taint.key === shutdownTaint) ?? false
}
