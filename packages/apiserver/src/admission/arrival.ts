import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'

/** Waits until an object is there, at most `patience` milliseconds; undefined when it did not come. */
export function arrival<T extends KubernetesObject>(
  internals: ApiInternals,
  kind: Kind<T>,
  namespace: string,
  name: string,
  patience: number,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      subscription.stop()
      resolve(internals.get(kind, namespace, name))
    }
    const timer = setTimeout(finish, patience)
    const subscription = internals.store(kind).watch({
      namespace,
      onEvents: (events) => {
        if (events.some(({ type, stored }) => type !== 'DELETED' && stored.object.metadata.name === name)) setImmediate(finish)
      },
      onEnd: () => setImmediate(finish),
    })
  })
}
