import {
  type Amounts,
  amountsOf,
  builtinKinds,
  maskAmounts,
  PersistentVolumeClaim,
  Pod,
  quotaEvaluator,
  ResourceQuota,
  resourceListOf,
  Service,
} from '@treeline/api'
import {
  type Cache,
  type ControllerDefinition,
  defineController,
  discover,
  type Informer,
  type Informers,
  keyOf,
  on,
  preferredResources,
  type ReconcileContext,
  type ReconcileResult,
  type ResourceKind,
} from '@treeline/client'
import { deepEqual, type KubernetesObject } from '@treeline/machinery'
import { isPodFinished } from '../pods/pod-state.js'
import { type CountedResource, countedResources, usageOf } from './quota-usage.js'

/** Everything is counted anew at this interval, in milliseconds. */
const resyncInterval = 300_000
/** How long to wait for the objects of a resource to be known, in milliseconds. */
const syncRetry = 1000
const idOf = ({ group, resource }: CountedResource) => `${resource}.${group}`

/** Counts what a namespace uses of its quotas; admission adds to that, only this takes away. */
export function resourceQuotaController(informers: Informers): ControllerDefinition {
  const counted = new Map<string, Informer>()

  /** Objects of a resource, watched from the first quota on that counts them. */
  async function informerOf(context: ReconcileContext, resource: CountedResource): Promise<Informer | undefined> {
    const known = counted.get(idOf(resource))
    if (known) return known
    const kind = await kindOf(context, resource)
    if (!kind) return undefined
    const informer = informers.metadataInformer(kind)
    counted.set(idOf(resource), informer)
    informer.subscribe(({ type, object }) => {
      if (type !== 'deleted' || !informer.synced) return
      for (const key of quotasFor(context.cache, object.metadata.namespace, resource)) context.enqueue(key)
    })
    return informer
  }

  async function reconcile(key: string, context: ReconcileContext): Promise<ReconcileResult> {
    const { cache, client, clock, signal } = context
    const quota = cache.get(ResourceQuota, key)
    if (!quota) return undefined
    const { namespace } = quota.metadata
    let used: Amounts = maskAmounts(amountsOf(quota.status?.used), Object.keys(quota.spec?.hard ?? {}))
    let waiting = false
    for (const resource of countedResources(quota)) {
      const whole = wholeKinds.get(idOf(resource))
      const informer = whole ? undefined : await informerOf(context, resource)
      if (informer && !informer.synced) {
        waiting = true
        continue
      }
      const objects: readonly KubernetesObject[] = whole ? cache.list(whole, namespace) : (informer?.list(namespace) ?? [])
      used = new Map([...used, ...usageOf(quota, quotaEvaluator(resource.group, resource.resource), objects, clock.now())])
    }
    const status = { hard: quota.spec?.hard ?? {}, used: resourceListOf(used) }
    if (!quota.status?.hard || !deepEqual(status, { hard: quota.status.hard, used: quota.status.used ?? {} })) {
      await client.updateStatus(ResourceQuota, { ...quota, status }, { signal })
    }
    return waiting ? { requeueAfter: syncRetry } : undefined
  }

  return defineController({
    name: 'resourcequota-controller',
    workers: 5,
    resyncInterval,
    watches: [
      on(ResourceQuota, (quota, old, _cache, type) =>
        type === 'added' || (old && !deepEqual(old.spec, quota.spec)) || needsUsage(quota) ? [keyOf(quota)] : [],
      ),
      on(Pod, (pod, old, cache, type) => {
        const freed = type === 'deleted' || (old && !isPodFinished(old) && isPodFinished(pod))
        return freed ? quotasFor(cache, pod.metadata.namespace, { group: '', resource: 'pods' }) : []
      }),
      on(Service, (service, old, cache, type) => {
        const freed =
          type === 'deleted' || (old && (old.spec?.type !== service.spec?.type || old.spec?.ports?.length !== service.spec?.ports?.length))
        return freed ? quotasFor(cache, service.metadata.namespace, { group: '', resource: 'services' }) : []
      }),
      on(PersistentVolumeClaim, (claim, old, cache, type) => {
        const freed = type === 'deleted' || (old && !deepEqual(old.spec?.resources, claim.spec?.resources))
        return freed ? quotasFor(cache, claim.metadata.namespace, { group: '', resource: 'persistentvolumeclaims' }) : []
      }),
    ],
    reconcile,
  })
}

/** Resources that are watched whole, because more than their number counts. */
const wholeKinds: ReadonlyMap<string, ResourceKind<KubernetesObject>> = new Map<string, ResourceKind<KubernetesObject>>([
  ['pods.', Pod],
  ['services.', Service],
  ['persistentvolumeclaims.', PersistentVolumeClaim],
])

/** A limit was set that the status does not show yet, or shows without usage. */
function needsUsage({ spec, status }: ResourceQuota): boolean {
  return (
    !deepEqual(spec?.hard ?? {}, status?.hard ?? {}) || Object.keys(status?.hard ?? {}).some((name) => status?.used?.[name] === undefined)
  )
}

function quotasFor(cache: Cache, namespace: string | undefined, { group, resource }: CountedResource): string[] {
  const evaluator = quotaEvaluator(group, resource)
  return cache
    .list(ResourceQuota, namespace)
    .filter(({ spec }) => Object.keys(spec?.hard ?? {}).some((name) => evaluator.counts(name)))
    .map(keyOf)
}

async function kindOf({ client, signal }: ReconcileContext, { group, resource }: CountedResource): Promise<ResourceKind | undefined> {
  const builtin = builtinKinds.find((kind) => kind.group === group && kind.plural === resource)
  if (builtin) return builtin
  const { resources } = await discover(client, signal)
  return preferredResources(resources).find((kind) => kind.group === group && kind.plural === resource && kind.verbs.includes('watch'))
}
