import { ConfigMap, Namespace } from '@treeline/api'
import { type ControllerDefinition, defineController, on } from '@treeline/client'
import { deepEqual, isAlreadyExists, isNotFound } from '@treeline/machinery'
import { isNamespaceTerminating } from '../pods/pod-control.js'

const configMapName = 'kube-root-ca.crt'
const annotations = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
}

/** Puts the certificate authority of the API server (PEM) into every namespace, and puts it right where it was changed. */
export function rootCaPublisher(certificateAuthority: string): ControllerDefinition {
  const data = { 'ca.crt': certificateAuthority }
  return defineController({
    name: 'root-ca-certificate-publisher-controller',
    watches: [
      on(Namespace, ({ metadata }, _old, _cache, type) => (type !== 'deleted' && metadata.name ? [metadata.name] : [])),
      on(ConfigMap, ({ metadata }) => (metadata.name === configMapName && metadata.namespace ? [metadata.namespace] : [])),
    ],
    async reconcile(key, { cache, client, signal }) {
      const namespace = cache.get(Namespace, key)
      if (!namespace || namespace.status?.phase === 'Terminating' || namespace.metadata.deletionTimestamp) return undefined
      const known = cache.get(ConfigMap, `${key}/${configMapName}`)
      if (known && deepEqual(known.data, data) && known.metadata.annotations?.['kubernetes.io/description']) return undefined
      try {
        if (!known) await client.create(ConfigMap, { metadata: { name: configMapName, namespace: key, annotations }, data }, { signal })
        else await client.update(ConfigMap, { ...known, metadata: { ...known.metadata, annotations }, data }, { signal })
      } catch (error) {
        if (!isAlreadyExists(error) && !isNotFound(error) && !isNamespaceTerminating(error)) throw error
      }
      return undefined
    },
  })
}
