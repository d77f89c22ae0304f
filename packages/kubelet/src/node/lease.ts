import type { Lease } from '@treeline/api'
import { type Client, type Clock, type Logger, sleep } from '@treeline/client'
import { formatMicroTime, isConflict, isNotFound } from '@treeline/machinery'
import { leaseKind } from '../kinds.js'

export interface LeaseOptions {
  readonly client: Client
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly signal: AbortSignal
  readonly nodeName: string
  readonly durationSeconds: number
  /** The node's uid, once it is known. */
  nodeUid(): string | undefined
}

const namespace = 'kube-node-lease'
const jitter = 0.04
const quickTries = 5
const firstRetry = 100
const lastRetry = 7_000

/** Renews the node's lease at a quarter of its duration until the signal ends it: the heartbeat of a node. */
export async function keepLease(options: LeaseOptions): Promise<void> {
  const { clock, random, signal, durationSeconds, log, nodeName } = options
  let lease: Lease | undefined
  let failures = 0
  while (!signal.aborted) {
    try {
      lease = await renew(options, lease)
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      lease = undefined
      failures++
      if (failures >= quickTries) log.warn('cannot renew the lease of the node', { node: nodeName, error: String(error) })
    }
    const period = (durationSeconds * 1_000) / 4
    const retry = Math.min(firstRetry * 2 ** Math.max(0, failures - quickTries), lastRetry)
    await sleep(clock, failures === 0 ? period * (1 + jitter * random()) : retry, signal)
  }
}

async function renew(options: LeaseOptions, known: Lease | undefined): Promise<Lease> {
  const { client, nodeName, signal } = options
  const lease = known ?? (await orAbsent(client.get(leaseKind, { namespace, name: nodeName }, { signal })))
  if (lease === undefined) return client.create(leaseKind, renewed(options, undefined), { signal })
  try {
    return await client.update(leaseKind, renewed(options, lease), { signal })
  } catch (error) {
    if (known === undefined || !(isConflict(error) || isNotFound(error))) throw error
    return renew(options, undefined)
  }
}

function renewed({ clock, nodeName, durationSeconds, nodeUid }: LeaseOptions, lease: Lease | undefined): Lease {
  const uid = nodeUid()
  const owner = uid === undefined ? undefined : [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid }]
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...lease?.metadata, name: nodeName, namespace, ...(owner === undefined ? {} : { ownerReferences: owner }) },
    spec: {
      ...lease?.spec,
      holderIdentity: nodeName,
      leaseDurationSeconds: durationSeconds,
      renewTime: formatMicroTime(new Date(clock.now())),
    },
  }
}

async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
