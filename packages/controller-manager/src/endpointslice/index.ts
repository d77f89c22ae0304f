import { EndpointSlice, Node, Pod, Service } from '@treeline/api'
import {
  type Clock,
  type ControllerDefinition,
  defineController,
  ignored,
  keyOf,
  on,
  type ReconcileContext,
  type ReconcileResult,
} from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { servicesOfPod } from '../endpoints/service-pods.js'
import { TriggerTimes, withTriggerTime } from '../endpoints/trigger-times.js'
import { OwnWrites } from '../expectations/own-writes.js'
import { objectKey } from '../ownership/object-key.js'
import { compiledSet } from '../ownership/selectors.js'
import { isNamespaceTerminating } from '../pods/pod-control.js'
import { addressTypes, desiredEndpoints } from './desired-endpoints.js'
import { planSlices, type SlicePlan, serviceOfSlice } from './slice-plan.js'
import { planHints } from './traffic-hints.js'

export interface EndpointSliceOptions {
  /** 1 to 1,000; 100 by default. */
  readonly maxEndpointsPerSlice?: number
}

/** Keeps the addresses of the pods a Service selects in EndpointSlices. */
export function endpointSliceController(
  clock: Pick<Clock, 'now'>,
  { maxEndpointsPerSlice = 100 }: EndpointSliceOptions = {},
): ControllerDefinition {
  const writes = new OwnWrites(clock)
  const waiting = new Set<string>()
  const triggers = new TriggerTimes()
  const state = { writes, waiting, triggers, capacity: maxEndpointsPerSlice }
  return defineController({
    name: 'endpointslice-controller',
    workers: 5,
    backoff: { base: 1000, cap: 100_000 },
    watches: [
      on(Service),
      on(Pod, servicesOfPod),
      on(
        EndpointSlice,
        (slice, _old, _cache, type) => {
          const key = serviceOfSlice(slice)
          if (key === undefined) return []
          const own = writes.observe(key, slice, type)
          if (writes.shown(key) && waiting.delete(key)) return [key]
          return own ? [] : [key]
        },
        { indexes: { service: (slice) => [serviceOfSlice(slice) ?? ''] } },
      ),
      on(Node, ignored),
    ],
    reconcile: (key, context) => reconcile(key, context, state),
  })
}

interface State {
  readonly writes: OwnWrites
  /** Services that have work to do as soon as the cache shows what was last written for them. */
  readonly waiting: Set<string>
  readonly triggers: TriggerTimes
  readonly capacity: number
}

/** How long to wait for the cache before looking again anyway, in milliseconds. */
const patience = 61_000

async function reconcile(key: string, context: ReconcileContext, state: State): Promise<ReconcileResult> {
  const { cache } = context
  const service = cache.get(Service, key)
  if (!service) {
    state.triggers.forget(key)
    state.writes.forget(key)
    return undefined
  }
  const selector = service.spec?.selector
  if (service.spec?.type === 'ExternalName' || !selector) return undefined
  if (!state.writes.shown(key)) {
    state.waiting.add(key)
    return { requeueAfter: patience }
  }
  const compiled = compiledSet(selector)
  const pods = cache.list(Pod, service.metadata.namespace).filter((pod) => compiled.matches(pod.metadata.labels ?? {}))
  const trigger = state.triggers.next(key, service, pods)
  const existing = cache.byIndex(EndpointSlice, 'service', key).filter((slice) => !slice.metadata.deletionTimestamp)
  const types = addressTypes(service)
  const problems: string[] = []
  for (const slice of existing.filter(({ addressType }) => !types.some((type) => type === addressType))) {
    await remove(context, state, key, slice)
  }
  for (const type of types) {
    const { groups, withoutNode } = desiredEndpoints(cache, service, pods, type)
    problems.push(...withoutNode)
    const ofType = existing.filter(({ addressType }) => addressType === type)
    await carryOut(context, state, key, service, planHints(planSlices(service, type, ofType, groups, state.capacity), service), trigger)
  }
  if (problems.length > 0) throw new Error(problems.join(', '))
  return undefined
}

async function carryOut(
  context: ReconcileContext,
  state: State,
  key: string,
  service: Service,
  plan: SlicePlan,
  trigger: number | undefined,
): Promise<void> {
  const { cache, client, events, signal } = context
  const wrote = (slice: EndpointSlice) => state.writes.wrote(key, slice, cache.get(EndpointSlice, keyOf(slice)))
  const stamped = (slice: EndpointSlice): EndpointSlice => {
    const annotations = withTriggerTime(slice.metadata.annotations, trigger)
    return { ...slice, metadata: { ...slice.metadata, annotations } }
  }
  try {
    if (!service.metadata.deletionTimestamp) {
      for (const slice of plan.create) wrote(await client.create(EndpointSlice, stamped(slice), { signal }))
    }
    for (const slice of plan.update) wrote(await client.update(EndpointSlice, stamped(slice), { signal }))
    for (const slice of plan.delete) await remove(context, state, key, slice)
  } catch (error) {
    if (isNamespaceTerminating(error)) return
    const message = `Error updating Endpoint Slices for Service ${key}: ${(error as Error).message}`
    events.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message)
    throw error
  }
}

async function remove({ cache, client, signal }: ReconcileContext, { writes }: State, key: string, slice: EndpointSlice): Promise<void> {
  try {
    await client.delete(EndpointSlice, objectKey(slice), { signal })
    writes.deleted(key, slice, cache.get(EndpointSlice, keyOf(slice)))
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
