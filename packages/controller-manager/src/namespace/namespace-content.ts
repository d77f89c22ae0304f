import { Pod } from '@treeline/api'
import { type Client, type DiscoveredResource, discover, discoveryError, preferredResources } from '@treeline/client'
import { isNotFound, isStatusError, type KubernetesObject } from '@treeline/machinery'
import { isPodFinished } from '../pods/pod-state.js'

/** What is left in a namespace after all was told to go. */
export interface Remains {
  /** `resource.group` to how many. */
  readonly resources: Map<string, number>
  /** Finalizers to how many objects they hold. */
  readonly finalizers: Map<string, number>
  /** Seconds it may take until another look is worthwhile; 0 if nothing says so. */
  estimate: number
  readonly contentErrors: string[]
  discoveryFailure: string | undefined
  /** Everything else is left alone until the pods are gone. */
  waitingForPods: boolean
}

/** Operations a resource turned out not to have: `deletecollection pods.` */
export type UnsupportedOperations = Set<string>

/** Seconds given to what holds objects by finalizers. */
const finalizerEstimate = 15
/** Resources of one namespace worked on at the same time. */
const parallelism = 10

/** Tells all content of a namespace to go, pods first, and counts what is left. `deletedAt` in milliseconds. */
export async function deleteContent(
  client: Client,
  namespace: string,
  deletedAt: number,
  now: number,
  unsupported: UnsupportedOperations,
  signal: AbortSignal,
): Promise<Remains> {
  const remains: Remains = {
    resources: new Map(),
    finalizers: new Map(),
    estimate: 0,
    contentErrors: [],
    discoveryFailure: undefined,
    waitingForPods: false,
  }
  const discovery = await discover(client, signal)
  const failure = discoveryError(discovery)
  if (failure) remains.discoveryFailure = `Discovery failed for some groups, ${discovery.failures.size} failing: ${failure.message}`
  const deletable = preferredResources(discovery.resources).filter(({ scope, verbs }) => scope === 'Namespaced' && verbs.includes('delete'))
  const isPods = (resource: DiscoveredResource) => resource.group === '' && resource.plural === 'pods'
  const pods = deletable.find(isPods)
  const one = { client, namespace, unsupported, signal }
  if (pods) {
    const grace = await podGrace(client, namespace, signal)
    const stillRunning = now - deletedAt < grace * 1000 ? grace : 0
    await deleteResource(one, pods, stillRunning, remains)
    remains.waitingForPods = remains.resources.has(nameOf(pods))
    if (remains.waitingForPods) return remains
  }
  const others = deletable.filter((resource) => !isPods(resource))
  const next = others.values()
  await Promise.all(
    Array.from({ length: parallelism }, async () => {
      for (const resource of next) await deleteResource(one, resource, 0, remains)
    }),
  )
  return remains
}

interface Place {
  readonly client: Client
  readonly namespace: string
  readonly unsupported: UnsupportedOperations
  readonly signal: AbortSignal
}

const nameOf = ({ plural, group }: DiscoveredResource) => `${plural}.${group}`

async function deleteResource(place: Place, resource: DiscoveredResource, estimate: number, remains: Remains): Promise<void> {
  try {
    const before = await listed(place, resource)
    if (before?.length === 0) return
    await deleteAll(place, resource, before)
    const left = await listed(place, resource)
    if (!left || left.length === 0) return
    remains.resources.set(nameOf(resource), left.length)
    let held = false
    for (const finalizer of left.flatMap(({ metadata }) => metadata.finalizers ?? [])) {
      held = true
      remains.finalizers.set(finalizer, (remains.finalizers.get(finalizer) ?? 0) + 1)
    }
    if (estimate === 0 && !held) {
      const name = `${resource.group}/${resource.version}, Resource=${resource.plural}`
      throw new Error(`unexpected items still remain in namespace: ${place.namespace} for gvr: ${name}`)
    }
    remains.estimate = Math.max(remains.estimate, estimate || finalizerEstimate)
  } catch (error) {
    if (place.signal.aborted) throw error
    remains.contentErrors.push((error as Error).message)
  }
}

/** Deletes at once where the resource can, else one by one. */
async function deleteAll(place: Place, resource: DiscoveredResource, known: readonly KubernetesObject[] | undefined): Promise<void> {
  const { client, namespace, signal } = place
  const background = { propagationPolicy: 'Background' } as const
  const collection = resource.verbs.includes('deletecollection')
  if (
    collection &&
    (await supported(place, 'deletecollection', resource, () =>
      client.deleteCollection(resource, { namespace, delete: background, signal }),
    ))
  ) {
    return
  }
  for (const { metadata } of known ?? []) {
    try {
      await client.delete(resource, { namespace, name: metadata.name ?? '' }, { ...background, signal })
    } catch (error) {
      if (!isNotFound(error) && !isStatusError(error, 'MethodNotAllowed')) throw error
    }
  }
}

/** The metadata of all objects; undefined if the resource cannot be listed. */
async function listed(place: Place, resource: DiscoveredResource): Promise<readonly KubernetesObject[] | undefined> {
  const { client, namespace, signal } = place
  let items: readonly KubernetesObject[] = []
  const able = await supported(place, 'list', resource, async () => {
    items = (await client.list(resource, { namespace, metadataOnly: true, signal })).items
  })
  return able ? items : undefined
}

/** False if the resource does not have the operation, which is remembered. */
async function supported(
  { unsupported }: Place,
  operation: string,
  resource: DiscoveredResource,
  run: () => Promise<void>,
): Promise<boolean> {
  const id = `${operation} ${nameOf(resource)}`
  if (unsupported.has(id)) return false
  try {
    await run()
    return true
  } catch (error) {
    if (!isStatusError(error, 'MethodNotAllowed', 'NotFound')) throw error
    unsupported.add(id)
    return false
  }
}

/** The longest grace period among the pods that still run, in seconds. */
async function podGrace(client: Client, namespace: string, signal: AbortSignal): Promise<number> {
  const { items } = await client.list(Pod, { namespace, signal })
  return Math.max(0, ...items.filter((pod) => !isPodFinished(pod)).map((pod) => pod.spec?.terminationGracePeriodSeconds ?? 0))
}
