import type { Node, Taint } from '@treeline/api'
import { type Client, type Clock, type Logger, sleep } from '@treeline/client'
import { deepEqual, isAlreadyExists } from '@treeline/machinery'
import { nodeKind } from '../kinds.js'

export interface Registration {
  readonly node: Node
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
}

const firstRetry = 100
const lastRetry = 7_000
const uninitialized: Taint = { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }

/** The node object as it is created: under an external cloud provider nothing is scheduled to it before the cloud knows it. */
export function newNode(
  name: string,
  labels: Record<string, string>,
  annotations: Record<string, string>,
  options: { readonly externalCloud: boolean; readonly taints: readonly Taint[]; readonly providerID: string | undefined },
  status: NonNullable<Node['status']>,
): Node {
  const taints = [...(options.externalCloud ? [uninitialized] : []), ...options.taints]
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    spec: {
      ...(taints.length > 0 ? { taints } : {}),
      ...(options.providerID === undefined ? {} : { providerID: options.providerID }),
    },
    status,
  }
}

/** Creates the node, or takes over the one there is, until either works. Resolves with the node as the server has it. */
export async function registerNode(registration: Registration): Promise<Node> {
  const { node, client, clock, log, signal } = registration
  for (let delay = firstRetry; ; delay = Math.min(delay * 2, lastRetry)) {
    try {
      return await client.create(nodeKind, node, { signal })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      try {
        if (isAlreadyExists(error)) return await takeOver(registration)
        throw error
      } catch (failure) {
        if (signal.aborted) throw signal.reason
        log.warn('cannot register the node', { node: node.metadata.name, error: String(failure) })
      }
    }
    await sleep(clock, delay, signal)
    signal.throwIfAborted()
  }
}

/** Own labels and annotations are brought up to date; everybody else's, and all taints, stay. */
async function takeOver({ node, client, signal }: Registration): Promise<Node> {
  const { name = '', labels, annotations } = node.metadata
  const existing = await client.get(nodeKind, { name }, { signal })
  const wanted = { labels: { ...existing.metadata.labels, ...labels }, annotations: { ...existing.metadata.annotations, ...annotations } }
  const { labels: oldLabels = {}, annotations: oldAnnotations = {} } = existing.metadata
  if (deepEqual(wanted, { labels: oldLabels, annotations: oldAnnotations })) return existing
  return client.patch(nodeKind, { name }, { type: 'strategic', body: { metadata: { labels, annotations } } }, { signal })
}
