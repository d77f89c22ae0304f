import { IPAddress, ServiceCIDR } from '@treeline/api'
import { type ControllerDefinition, defineController, keyOf, on, type ReconcileContext } from '@treeline/client'
import { formatTime } from '@treeline/machinery'
import { findCondition, withCondition } from '../conditions.js'
import { type Cidr, parseCidr, subnetsTouching } from '../node-ipam/cidr.js'

const finalizer = 'networking.k8s.io/service-cidr-finalizer'

/** Keeps a range of service addresses as long as an address lies in it alone. */
export function serviceCidrController(): ControllerDefinition {
  return defineController({
    name: 'service-cidr-controller',
    workers: 5,
    watches: [
      on(ServiceCIDR, (_range, _old, cache) => cache.list(ServiceCIDR).map(keyOf)),
      on(IPAddress, (_address, _old, cache, type) =>
        type === 'deleted'
          ? cache
              .list(ServiceCIDR)
              .filter(({ metadata }) => metadata.deletionTimestamp)
              .map(keyOf)
          : [],
      ),
    ],
    async reconcile(key, context) {
      const range = context.cache.get(ServiceCIDR, key)
      if (!range) return undefined
      if (range.metadata.deletionTimestamp) await letGoIfUnused(context, range)
      else await keep(context, range)
      return undefined
    },
  })
}

async function keep(context: ReconcileContext, range: ServiceCIDR): Promise<void> {
  const { client, signal } = context
  const { finalizers = [] } = range.metadata
  const current = finalizers.includes(finalizer)
    ? range
    : await client.update(ServiceCIDR, { ...range, metadata: { ...range.metadata, finalizers: [...finalizers, finalizer] } }, { signal })
  await setReady(context, current, 'True', '', 'Kubernetes Service CIDR is ready')
}

async function letGoIfUnused(context: ReconcileContext, range: ServiceCIDR): Promise<void> {
  const { cache, client, signal } = context
  const { finalizers = [] } = range.metadata
  if (!finalizers.includes(finalizer)) return
  const others = cache.list(ServiceCIDR).filter((other) => other !== range && !other.metadata.deletionTimestamp)
  const alone = cache.list(IPAddress).some(({ metadata }) => {
    const address = parseCidr(`${metadata.name}/${metadata.name?.includes(':') ? 128 : 32}`)
    return holds(range, address) && !others.some((other) => holds(other, address))
  })
  if (alone) {
    await setReady(
      context,
      range,
      'False',
      'Terminating',
      'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
    )
    return
  }
  await client.update(
    ServiceCIDR,
    { ...range, metadata: { ...range.metadata, finalizers: finalizers.filter((other) => other !== finalizer) } },
    { signal },
  )
}

function holds({ spec }: ServiceCIDR, address: Cidr): boolean {
  return (spec?.cidrs ?? []).some((text) => {
    const cidr = parseCidr(text)
    return subnetsTouching(cidr, cidr.family === 6 ? 128 : 32, address) !== undefined
  })
}

async function setReady(
  { client, clock, signal }: ReconcileContext,
  range: ServiceCIDR,
  status: 'True' | 'False',
  reason: string,
  message: string,
): Promise<void> {
  const known = findCondition(range.status?.conditions, 'Ready')
  if (known?.status === status && known.reason === reason) return
  const lastTransitionTime = known?.status === status ? known.lastTransitionTime : formatTime(new Date(clock.now()))
  const conditions = withCondition(range.status?.conditions, { type: 'Ready', status, lastTransitionTime, reason, message })
  await client.updateStatus(ServiceCIDR, { ...range, status: { ...range.status, conditions } }, { signal })
}
