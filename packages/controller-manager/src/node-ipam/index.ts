import { Node } from '@treeline/api'
import { type ControllerDefinition, defineController, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { isConflict, isNotFound } from '@treeline/machinery'
import { CidrSet } from './cidr-set.js'

export interface NodeIpamOptions {
  /** Address ranges of the cluster's pods, one or one of each family. */
  readonly clusterCidrs: readonly string[]
  /** Ranges kept free in them, such as that of services. */
  readonly serviceCidrs?: readonly string[]
  /** Prefix lengths of the ranges of nodes; 24 and 64 by default. */
  readonly nodeCidrMaskSizes?: { readonly ipv4?: number; readonly ipv6?: number }
}

/** Gives every node a range of pod addresses of its own, once. Throws on ranges that do not fit into each other. */
export function nodeIpamController(options: NodeIpamOptions): ControllerDefinition {
  const { ipv4 = 24, ipv6 = 64 } = options.nodeCidrMaskSizes ?? {}
  const sets = options.clusterCidrs.map((range) => CidrSet.of(range, range.includes(':') ? ipv6 : ipv4))
  for (const cidr of options.serviceCidrs ?? []) for (const set of sets) set.occupy(cidr)
  /** Ranges in use by node, so that each is released once. */
  const held = new Map<string, readonly string[]>()

  function hold(name: string, cidrs: readonly string[]): void {
    if (held.has(name)) return
    held.set(name, cidrs)
    for (const cidr of cidrs) for (const set of sets) set.occupy(cidr)
  }

  function letGo(name: string): void {
    for (const cidr of held.get(name) ?? []) for (const set of sets) set.release(cidr)
    held.delete(name)
  }

  async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
    const node = context.cache.get(Node, key)
    if (!node || node.spec?.podCIDR || node.metadata.deletionTimestamp) return undefined
    const cidrs = held.get(key) ?? allocate(sets)
    if (!cidrs) {
      context.events.event(aboutNode(node), 'Normal', 'CIDRNotAvailable', `Node ${key} status is now: CIDRNotAvailable`)
      throw new Error(
        `failed to allocate cidr from cluster cidr for node ${key}: CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range`,
      )
    }
    hold(key, cidrs)
    try {
      await assign(context, node, cidrs)
    } catch (error) {
      if (!isNotFound(error)) throw error
      letGo(key)
    }
    return undefined
  }

  return defineController({
    name: 'node-ipam-controller',
    eventComponent: 'cidrAllocator',
    workers: 30,
    watches: [
      on(Node, undefined, {
        observe: ({ type, object }) => {
          const { name = '' } = object.metadata
          if (type === 'deleted') letGo(name)
          else if (object.spec?.podCIDRs?.length) hold(name, object.spec.podCIDRs)
        },
      }),
    ],
    reconcile,
  })
}

/** One range of each set, or nothing. */
function allocate(sets: readonly CidrSet[]): string[] | undefined {
  const cidrs: string[] = []
  for (const set of sets) {
    const cidr = set.allocate()
    if (cidr !== undefined) cidrs.push(cidr)
  }
  if (cidrs.length === sets.length) return cidrs
  for (const cidr of cidrs) for (const set of sets) set.release(cidr)
  return undefined
}

async function assign({ client, signal }: ReconcileContext, node: Node, cidrs: readonly string[]): Promise<void> {
  const { name = '', uid } = node.metadata
  const body = { metadata: { uid }, spec: { podCIDR: cidrs[0], podCIDRs: cidrs } }
  try {
    await client.patch(Node, { name }, { type: 'strategic', body }, { signal })
  } catch (error) {
    if (isConflict(error)) throw new Error(`node ${name} was made anew`, { cause: error })
    throw error
  }
}

function aboutNode({ metadata }: Node): { apiVersion: string; kind: string; name?: string; uid?: string } {
  return { apiVersion: 'v1', kind: 'Node', name: metadata.name, uid: metadata.uid }
}
