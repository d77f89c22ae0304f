import { Namespace, ServiceAccount } from '@treeline/api'
import { type ControllerDefinition, defineController, on } from '@treeline/client'
import { isAlreadyExists } from '@treeline/machinery'
import { isNamespaceTerminating } from '../pods/pod-control.js'

const accountName = 'default'

/** Gives every namespace that is not going away its default ServiceAccount. */
export function serviceAccountController(): ControllerDefinition {
  return defineController({
    name: 'serviceaccount-controller',
    watches: [
      on(Namespace),
      on(ServiceAccount, ({ metadata }, _old, _cache, type) =>
        type === 'deleted' && metadata.name === accountName && metadata.namespace ? [metadata.namespace] : [],
      ),
    ],
    async reconcile(key, { cache, client, signal }) {
      if (cache.get(Namespace, key)?.status?.phase !== 'Active') return undefined
      if (cache.get(ServiceAccount, `${key}/${accountName}`)) return undefined
      try {
        await client.create(ServiceAccount, { metadata: { name: accountName, namespace: key } }, { signal })
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error
      }
      return undefined
    },
  })
}
