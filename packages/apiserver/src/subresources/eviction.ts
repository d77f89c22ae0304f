import { Eviction, Pod } from '@treeline/api'
import { errors, FieldPath, fieldErrors, isConflict } from '@treeline/machinery'
import type { InternalDeleteOptions } from '../registry/internals.js'
import type { SubresourceAnswer, SubresourceCall, SubresourceHandler } from '../registry/subresource-handler.js'
import { createdStatus } from './created-status.js'
import { budgetBusy, budgetsOf, countDisruption, mayGoUnhealthy } from './disruption-budget.js'
import { withCondition } from './pod-conditions.js'

const attempts = 20

/** `pods/NAME/eviction`: deletes a pod unless that would take too many of its kind at once. */
export function podEviction(now: () => number): SubresourceHandler {
  return { group: '', resource: Pod.plural, subresource: 'eviction', verbs: ['create'], handle: (call) => evict(call, now) }
}

async function evict(call: SubresourceCall, now: () => number): Promise<SubresourceAnswer> {
  const eviction = await call.body(Eviction)
  await call.admit('CREATE', eviction)
  if (call.name !== eviction.metadata.name) throw errors.badRequest('name in URL does not match name in Eviction object')
  checkOptions(eviction, call.name)
  const dryRun = dryRunOf(eviction, call.dryRun)
  await call.validate('CREATE', eviction)
  const request: EvictionRequest = { call, options: optionsOf(eviction, dryRun), dryRun, now }
  const pod = await withoutBudget(request)
  if (!pod) return createdStatus
  const budgets = budgetsOf(call.internals, pod)
  const [budget] = budgets
  if (budgets.length > 1) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'
    return { status: 500, object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 } }
  }
  if (!budget) return deletePod(request, request.options)
  if (isReady(pod) || !mayGoUnhealthy(budget)) {
    await countDisruption(call.internals, budget, call.name, dryRun, now)
    return deletePod(request, request.options)
  }
  try {
    // Should the pod have become ready meanwhile, it counts after all.
    return await deletePod(request, pinned(request.options, pod))
  } catch (error) {
    if (!isConflict(error) || request.options.preconditions?.resourceVersion !== undefined) throw error
    throw budgetBusy(budget.metadata.name ?? '')
  }
}

interface EvictionRequest {
  readonly call: SubresourceCall
  readonly options: InternalDeleteOptions
  readonly dryRun: boolean
  readonly now: () => number
}

/** Deletes a pod that no budget protects by its state; gives the pod back when it is not such a one. */
async function withoutBudget(request: EvictionRequest): Promise<Pod | undefined> {
  const { call, options } = request
  for (let attempt = 1; ; attempt++) {
    const pod = call.internals.get(Pod, call.namespace, call.name)
    if (!pod) throw errors.notFound({ group: '', resource: Pod.plural }, call.name)
    const finished = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '') || pod.metadata.deletionTimestamp !== undefined
    if (!finished && pod.status?.phase !== 'Pending') return pod
    try {
      await deletePod(request, finished ? options : pinned(options, pod))
      return undefined
    } catch (error) {
      if (!isConflict(error) || options.preconditions?.resourceVersion !== undefined || attempt === attempts) throw error
    }
  }
}

/** The pod first says why it goes. */
async function deletePod({ call, dryRun, now }: EvictionRequest, options: InternalDeleteOptions): Promise<SubresourceAnswer> {
  const { preconditions } = options
  if (dryRun) {
    await call.internals.delete(Pod, call.namespace, call.name, options)
    return createdStatus
  }
  const { stored } = await call.internals.store(Pod).update(call.namespace, call.name, ({ object }) => {
    checkPreconditions(object, preconditions)
    const conditions = withCondition(object, evicted, now())
    return { ...object, status: { ...object.status, conditions } }
  })
  const resourceVersion = preconditions?.resourceVersion === undefined ? undefined : stored.object.metadata.resourceVersion
  await call.internals.delete(Pod, call.namespace, call.name, {
    ...options,
    ...(resourceVersion === undefined ? {} : { preconditions: { ...preconditions, resourceVersion } }),
  })
  return createdStatus
}

const evicted = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
} as const

function checkPreconditions({ metadata }: Pod, wanted: InternalDeleteOptions['preconditions']): void {
  for (const [field, title] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    const value = wanted?.[field]
    if (!value || value === metadata[field]) continue
    const change = field === 'uid' ? 'deleted and then recreated' : 'modified'
    const problem = `the ${title} in the precondition (${value}) does not match the ${title} in record (${metadata[field]}). The object might have been ${change}`
    throw errors.conflict({ group: '', resource: 'Pod' }, metadata.name ?? '', problem)
  }
}

const pinned = (options: InternalDeleteOptions, pod: Pod): InternalDeleteOptions =>
  options.preconditions?.resourceVersion !== undefined
    ? options
    : { ...options, preconditions: { ...options.preconditions, resourceVersion: pod.metadata.resourceVersion } }

function optionsOf({ deleteOptions }: Eviction, dryRun: boolean): InternalDeleteOptions {
  const { gracePeriodSeconds, propagationPolicy, preconditions } = deleteOptions ?? {}
  return {
    dryRun,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy ? { propagationPolicy: propagationPolicy as 'Orphan' | 'Background' | 'Foreground' } : {}),
    ...(preconditions ? { preconditions } : {}),
  }
}

/** The query and the body may both say it, but not differ. */
function dryRunOf({ deleteOptions }: Eviction, asked: boolean): boolean {
  return asked || (deleteOptions?.dryRun?.length ?? 0) > 0
}

function checkOptions({ deleteOptions }: Eviction, name: string): void {
  const field = 'ignoreStoreReadErrorWithClusterBreakingPotential'
  if (!deleteOptions?.[field]) return
  const path = FieldPath.root('deleteOptions', field)
  const problem = fieldErrors.invalid(path, true, 'can not be set for pod eviction, try after removing the option')
  throw errors.invalid({ group: 'policy', kind: 'Eviction' }, name, [problem])
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false
