import { Node } from '@treeline/api'
import { type ControllerDefinition, on, type ReconcileContext } from '@treeline/client'
import type { InstanceMetadata } from '@treeline/cloud-provider'
import { deepCopy, StatusError } from '@treeline/machinery'
import type { CloudContext } from '../cloud-context.js'
import { addressesPatch, equalAddresses, nodeAddresses, providedNodeIPAnnotation, withHostname } from './addresses.js'
import { initialLabels, labelRepairs } from './labels.js'

export const uninitializedTaint = 'node.cloudprovider.kubernetes.io/uninitialized'

const conflictTries = 20

type Context = ReconcileContext & CloudContext

/**
 * Makes a new node whole from what the cloud knows of it: providerID, labels and the end of the uninitialized taint in
 * one PUT, addresses after it; then keeps addresses and labels as they should be.
 * Source: cloud-controller-manager contract §2.
 */
export function nodeController(options: { statusUpdateFrequency: number; workers: number }): ControllerDefinition<CloudContext> {
  const addressesChecked = new Map<string, number>()
  return {
    name: 'cloud-node-controller',
    watches: [on(Node)],
    workers: options.workers,
    resyncInterval: options.statusUpdateFrequency,
    async reconcile(key, context) {
      const node = context.cache.get(Node, key)
      if (!node) {
        addressesChecked.delete(key)
        return undefined
      }
      if (node.spec?.taints?.some((taint) => taint.key === uninitializedTaint)) {
        if (await initialise(node, context)) addressesChecked.set(key, context.clock.now())
        return undefined
      }
      await repairLabels(node, context)
      // heartbeats bring a node here every few seconds; the cloud is asked once per period
      if (context.clock.now() - (addressesChecked.get(key) ?? 0) < options.statusUpdateFrequency * 0.9) return undefined
      addressesChecked.set(key, context.clock.now())
      const description = await context.instances.describe(node, context.signal)
      if (description.existence === 'exists') await updateAddresses(node, description.metadata, context)
      return undefined
    },
  }
}

/** False when the cloud says the node is not its own. */
async function initialise(node: Node, context: Context): Promise<boolean> {
  const name = node.metadata.name ?? ''
  const description = await context.instances.describe(node, context.signal)
  if (description.existence === 'foreign') return false
  if (description.existence === 'unknown') throw description.reason
  if (description.existence === 'gone') throw new Error(`failed to get instance metadata for node ${name}: instance not found`)
  const { metadata } = description
  if (metadata.providerID === '' && !node.spec?.providerID) throw new Error(`cloud provider does not set node provider ID for node ${name}`)
  checkProvidedNodeIP(node, metadata)

  const initialised = await updateWithRetry(node, context, (draft) => {
    draft.spec ??= {}
    if (!draft.spec.providerID) draft.spec.providerID = metadata.providerID
    draft.metadata.labels = initialLabels(draft, metadata, (label) =>
      context.log.warn(`node ${name}: additional label ${label} is reserved and was dropped`),
    )
    draft.spec.taints = draft.spec.taints?.filter((taint) => taint.key !== uninitializedTaint)
  })
  if (!initialised) return true
  await updateAddresses(initialised, metadata, context)
  context.events.event(initialised, 'Normal', 'Synced', 'Node synced successfully')
  return true
}

function checkProvidedNodeIP(node: Node, metadata: InstanceMetadata): void {
  try {
    nodeAddresses(metadata.addresses, node.metadata.annotations?.[providedNodeIPAnnotation])
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `failed to get node modifiers from cloud provider: provided node ip for node "${node.metadata.name}" is not valid: ${reason}`,
      { cause: error },
    )
  }
}

/** PUT, read again and PUT on a conflict. Undefined when the node is gone. */
async function updateWithRetry(node: Node, { client, signal }: Context, change: (draft: Node) => void): Promise<Node | undefined> {
  let current = node
  for (let attempt = 1; ; attempt++) {
    const draft = deepCopy(current) as Node
    change(draft)
    try {
      return await client.update(Node, draft, { signal })
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      if (error.reason === 'NotFound') return undefined
      if (error.reason !== 'Conflict' || attempt === conflictTries) throw error
      current = await client.get(Node, { name: node.metadata.name ?? '' }, { signal })
    }
  }
}

async function updateAddresses(node: Node, metadata: InstanceMetadata, { client, log, signal }: Context): Promise<void> {
  if (metadata.addresses.length === 0) return
  const current = node.status?.addresses ?? []
  let addresses: ReturnType<typeof nodeAddresses>
  try {
    addresses = withHostname(nodeAddresses(metadata.addresses, node.metadata.annotations?.[providedNodeIPAnnotation]), current)
  } catch (error) {
    log.error(`addresses of node ${node.metadata.name} are left as they are: ${error instanceof Error ? error.message : String(error)}`)
    return
  }
  if (equalAddresses(addresses, current)) return
  const body = addressesPatch(addresses, current)
  await client.patch(Node, { name: node.metadata.name ?? '' }, { type: 'strategic', body }, { subresource: 'status', signal })
}

async function repairLabels(node: Node, { client, signal }: Context): Promise<void> {
  const labels = labelRepairs(node)
  if (Object.keys(labels).length === 0) return
  await client.patch(Node, { name: node.metadata.name ?? '' }, { type: 'strategic', body: { metadata: { labels } } }, { signal })
}
