import { Namespace, Pod } from '@treeline/api'
import { type ControllerDefinition, defineController, on, type ReconcileContext, type ReconcileResult } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'
import { retryOnConflict } from '../retry-on-conflict.js'
import { namespaceConditions } from './namespace-conditions.js'
import { deleteContent, type UnsupportedOperations } from './namespace-content.js'

/** The finalizer that this controller takes off a namespace when it is empty. */
const finalizer = 'kubernetes'

export interface NamespaceControllerOptions {
  /**
   * Milliseconds between the deletion of a namespace and that of its content, so that all API servers know of it and
   * create nothing more in it; 5 s by default, 0 where there is one API server.
   */
  readonly namespaceDeletionDelay?: number
}

/** Empties namespaces that are being deleted, then lets them go. */
export function namespaceController({ namespaceDeletionDelay = 5000 }: NamespaceControllerOptions = {}): ControllerDefinition {
  const unsupported: UnsupportedOperations = new Set()
  return defineController({
    name: 'namespace-controller',
    workers: 10,
    backoff: { base: 5, cap: 60_000 },
    resyncInterval: 300_000,
    watches: [
      on(Namespace, ({ metadata }) =>
        metadata.deletionTimestamp && metadata.name ? [{ key: metadata.name, after: namespaceDeletionDelay }] : [],
      ),
      on(Pod, (pod, _old, cache, type) => {
        const { namespace = '' } = pod.metadata
        if (type !== 'deleted' || !cache.get(Namespace, namespace)?.metadata.deletionTimestamp) return []
        return cache.list(Pod, namespace).length === 0 ? [namespace] : []
      }),
    ],
    reconcile: (key, context) => reconcile(key, context, unsupported),
  })
}

async function reconcile(key: string, context: ReconcileContext, unsupported: UnsupportedOperations): Promise<ReconcileResult> {
  if (!context.cache.get(Namespace, key)?.metadata.deletionTimestamp) return undefined
  const live = await liveNamespace(key, context)
  if (!live?.metadata.deletionTimestamp || !live.spec?.finalizers?.includes(finalizer)) return undefined
  const namespace = live.status?.phase === 'Terminating' ? live : await markTerminating(live, context)
  const { client, clock, signal } = context
  const deletedAt = Date.parse(namespace.metadata.deletionTimestamp ?? '')
  const remains = await deleteContent(client, key, deletedAt, clock.now(), unsupported, signal)
  const conditions = namespaceConditions(namespace.status?.conditions, remains, clock.now())
  if (conditions !== namespace.status?.conditions) {
    const status = { ...namespace.status, conditions: [...conditions] }
    await retryOnConflict(
      namespace,
      () => client.get(Namespace, { name: key }, { signal }),
      (current) => client.updateStatus(Namespace, { ...current, status }, { signal }),
    )
  }
  const problems = [remains.discoveryFailure, ...remains.contentErrors].filter((problem) => problem !== undefined)
  if (remains.estimate === 0 && problems.length > 0) throw new Error(problems.join(', '))
  if (remains.estimate > 0) return { requeueAfter: (Math.floor(remains.estimate / 2) + 1) * 1000 }
  await finalize(key, context)
  return undefined
}

async function liveNamespace(name: string, { client, signal }: ReconcileContext): Promise<Namespace | undefined> {
  try {
    return await client.get(Namespace, { name }, { signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function markTerminating(namespace: Namespace, { client, signal }: ReconcileContext): Promise<Namespace> {
  const { name = '' } = namespace.metadata
  return retryOnConflict(
    namespace,
    () => client.get(Namespace, { name }, { signal }),
    (current) => client.updateStatus(Namespace, { ...current, status: { ...current.status, phase: 'Terminating' } }, { signal }),
    5,
  )
}

async function finalize(name: string, { client, signal }: ReconcileContext): Promise<void> {
  const get = () => client.get(Namespace, { name }, { signal })
  try {
    await retryOnConflict(
      await get(),
      get,
      (current) => {
        const finalizers = current.spec?.finalizers?.filter((other) => other !== finalizer) ?? []
        return client.update(Namespace, { ...current, spec: { ...current.spec, finalizers } }, { subresource: 'finalize', signal })
      },
      5,
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
