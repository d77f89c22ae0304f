import { Deployment, type Pod, type PodDisruptionBudget, ReplicaSet, ReplicationController, StatefulSet } from '@treeline/api'
import { type DiscoveredResource, discover, type ReconcileContext, type ResourceKind } from '@treeline/client'
import { isNotFound, type KubernetesObject, type OwnerReference, scaledIntOrPercent } from '@treeline/machinery'
import { ResourceMapper } from '../garbage-collector/resource-mapper.js'
import { controllerOf, refersTo } from '../ownership/controller-ref.js'

/** How many pods a budget is about, how many of them must be healthy, and which of them nobody controls. */
export interface Expected {
  readonly pods: number
  readonly healthy: number
  readonly unmanaged: readonly string[]
}

/** Throws when the controller of a pod cannot be found: the budget is then not known. */
export async function expectedPods(
  context: ReconcileContext,
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  scales: ScaleReader,
): Promise<Expected> {
  const { minAvailable, maxUnavailable } = budget.spec ?? {}
  if (maxUnavailable !== undefined) {
    const { total, unmanaged } = await totalScale(context, pods, scales)
    return { pods: total, healthy: Math.max(0, total - scaledIntOrPercent(maxUnavailable, total, true)), unmanaged }
  }
  if (minAvailable === undefined) return { pods: 0, healthy: 0, unmanaged: [] }
  if (typeof minAvailable === 'number') return { pods: pods.length, healthy: minAvailable, unmanaged: [] }
  const { total, unmanaged } = await totalScale(context, pods, scales)
  return { pods: total, healthy: scaledIntOrPercent(minAvailable, total, true), unmanaged }
}

/** The sizes of all controllers of the pods, each once. */
async function totalScale(
  context: ReconcileContext,
  pods: readonly Pod[],
  scales: ScaleReader,
): Promise<{ total: number; unmanaged: string[] }> {
  const byOwner = new Map<string, number>()
  const unmanaged: string[] = []
  for (const pod of pods) {
    const owner = controllerOf(pod)
    const name = pod.metadata.name ?? ''
    if (!owner) {
      unmanaged.push(name)
      continue
    }
    if (byOwner.has(owner.uid)) continue
    const found =
      sizeInCache(context, owner, pod.metadata.namespace ?? '') ?? (await scales.read(context, owner, pod.metadata.namespace ?? ''))
    if (!found) throw new Error(`found no controllers for pod "${name}"`)
    byOwner.set(found.uid, found.replicas)
    byOwner.set(owner.uid, byOwner.get(owner.uid) ?? 0)
  }
  return { total: [...byOwner.values()].reduce((sum, replicas) => sum + replicas, 0), unmanaged }
}

interface Size {
  readonly uid: string
  readonly replicas: number
}

type Sized = KubernetesObject & { spec?: { replicas?: number } }

/** A ReplicaSet of a Deployment counts as the Deployment. */
function sizeInCache({ cache }: ReconcileContext, owner: OwnerReference, namespace: string): Size | undefined {
  const find = (kind: ResourceKind<Sized>, reference: OwnerReference): Sized | undefined => {
    const object = refersTo(reference, kind) ? cache.get(kind, `${namespace}/${reference.name}`) : undefined
    return object?.metadata.uid === reference.uid ? object : undefined
  }
  const set = find(ReplicaSet, owner)
  const above = set && controllerOf(set)
  if (set && above) {
    const deployment = find(Deployment, above)
    if (deployment) return sizeOf(deployment)
  }
  const direct = set ?? find(StatefulSet, owner) ?? find(ReplicationController, owner)
  return direct && sizeOf(direct)
}

const sizeOf = ({ metadata, spec }: Sized): Size => ({ uid: metadata.uid ?? '', replicas: spec?.replicas ?? 1 })

/** How long what a server has is believed, in milliseconds. */
const discoveryLifetime = 30_000

/** Reads the size of any controller that has a `scale`. */
export class ScaleReader {
  private mapper: { readonly value: ResourceMapper; readonly at: number } | undefined

  async read({ client, clock, signal }: ReconcileContext, owner: OwnerReference, namespace: string): Promise<Size | undefined> {
    if (!this.mapper || clock.now() - this.mapper.at > discoveryLifetime) {
      this.mapper = { value: new ResourceMapper((await discover(client, signal)).resources), at: clock.now() }
    }
    const resource: DiscoveredResource | undefined = this.mapper.value.resourceOf(owner.apiVersion, owner.kind)
    if (!resource) throw new Error(`no resource is known for ${owner.apiVersion} ${owner.kind}`)
    if (!resource.subresources.includes('scale')) {
      throw new Error(`${resource.plural}${resource.group && `.${resource.group}`} does not implement the scale subresource`)
    }
    try {
      const scale = await client.getSubresource<Sized>(resource, { namespace, name: owner.name }, 'scale', { signal })
      return scale.metadata.uid === owner.uid ? { uid: owner.uid, replicas: scale.spec?.replicas ?? 0 } : undefined
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
}
