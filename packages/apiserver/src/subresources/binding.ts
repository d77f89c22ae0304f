import { Binding, Pod } from '@treeline/api'
import { aggregateMessages, errors, type FieldError, FieldPath, fieldErrors, formatFieldError, type StatusError } from '@treeline/machinery'
import type { SubresourceCall, SubresourceHandler } from '../registry/subresource-handler.js'
import type { Stored } from '../resource-store/resource-store.js'
import { createdStatus } from './created-status.js'
import { withCondition } from './pod-conditions.js'

/** `pods/NAME/binding`: gives a pod to a node. */
export function podBinding(now: () => number): SubresourceHandler {
  return { group: '', resource: Pod.plural, subresource: 'binding', verbs: ['create'], handle: (call) => bind(call, now) }
}

/** `bindings`: the same in its older form, with the pod's name in the body. */
export function legacyBinding(now: () => number): SubresourceHandler {
  return { group: '', resource: Binding.plural, subresource: '', verbs: ['create'], handle: (call) => bind(call, now) }
}

async function bind(call: SubresourceCall, now: () => number) {
  const binding = await call.body(Binding)
  await call.admit('CREATE', binding)
  const { name = '' } = binding.metadata
  if (call.name !== '' && call.name !== name) throw errors.badRequest('name in URL does not match name in Binding object')
  const problems = targetProblems(binding)
  if (problems.length > 0) throw errors.untyped(aggregateMessages(problems.map(formatFieldError)))
  await call.validate('CREATE', binding)
  await assign(call, binding, name, now)
  return createdStatus
}

/** Straight to the store: a scheduler binds thousands of pods a minute, and nothing but the node changes. */
async function assign(call: SubresourceCall, binding: Binding, name: string, now: () => number): Promise<void> {
  const store = call.internals.store(Pod)
  const change = (current: Stored<Pod>): Pod => {
    checkPreconditions(binding, current.object)
    const problem = unbindable(current.object)
    if (problem) throw errors.conflict({ group: '', resource: 'pods/binding' }, name, problem)
    return bound(current.object, binding, now())
  }
  if (!call.dryRun) {
    await store.update(call.namespace, name, change)
    return
  }
  const current = store.get(call.namespace, name)
  if (!current) throw errors.notFound({ group: '', resource: Pod.plural }, name)
  change(current)
}

function bound(pod: Pod, { metadata, target }: Binding, now: number): Pod {
  const { nominatedNodeName: _nomination, ...status } = pod.status ?? {}
  const annotations = { ...pod.metadata.annotations, ...metadata.annotations }
  const labels = { ...pod.metadata.labels, ...metadata.labels }
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    spec: { containers: [], ...pod.spec, nodeName: target.name ?? '' },
    status: { ...status, conditions: withCondition(pod, { type: 'PodScheduled', status: 'True' }, now) },
  }
}

const unbindable = ({ metadata, spec }: Pod): string | undefined => {
  if (metadata.deletionTimestamp) return `pod ${metadata.name} is being deleted, cannot be assigned to a host`
  if (spec?.nodeName) return `pod ${metadata.name} is already assigned to node "${spec.nodeName}"`
  return spec?.schedulingGates?.length ? `pod ${metadata.name} has non-empty .spec.schedulingGates` : undefined
}

const targetProblems = ({ target }: Binding): FieldError[] => {
  const path = FieldPath.root('target')
  return [
    ...(target.kind && target.kind !== 'Node' ? [fieldErrors.notSupported(path.child('kind'), target.kind, ['Node', '<empty>'])] : []),
    ...(target.name ? [] : [fieldErrors.required(path.child('name'))]),
  ]
}

/** A binding that names uid or resourceVersion is for that very pod. */
function checkPreconditions({ metadata: wanted }: Binding, { metadata }: Pod): void {
  const { uid, resourceVersion } = wanted
  if (uid && uid !== metadata.uid) throw precondition(metadata, 'UID', uid, metadata.uid ?? '')
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw precondition(metadata, 'ResourceVersion', resourceVersion, metadata.resourceVersion ?? '')
  }
}

const precondition = ({ namespace, name = '' }: Pod['metadata'], what: string, wanted: string, current: string): StatusError =>
  errors.conflict(
    { group: '', resource: Pod.plural },
    name,
    `StorageError: invalid object, Code: 4, Key: /registry/pods/${namespace}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${current}`,
  )
