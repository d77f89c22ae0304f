import { Node, Pod, Secret, ServiceAccount } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { BootstrapTokenSecret } from '../authentication/bootstrap-token.js'
import type { LegacyTokenSubjects } from '../authentication/legacy-service-account-token.js'
import type { Liveness, TokenSubjects } from '../authentication/service-account-token.js'
import type { ApiInternals } from '../registry/internals.js'

/** The objects that tokens are bound to, as they are now. */
export function tokenSubjects(internals: ApiInternals): TokenSubjects & LegacyTokenSubjects {
  const liveness = (object: KubernetesObject | undefined): Liveness => object?.metadata
  return {
    serviceAccount: (namespace, name) => liveness(internals.get(ServiceAccount, namespace, name)),
    pod: (namespace, name) => liveness(internals.get(Pod, namespace, name)),
    secret: (namespace, name) => liveness(internals.get(Secret, namespace, name)),
    node: (name) => liveness(internals.get(Node, undefined, name)),
    tokenSecret(namespace, name) {
      const secret = internals.get(Secret, namespace, name)
      if (!secret) return undefined
      const invalidSince = secret.metadata.labels?.['kubernetes.io/legacy-token-invalid-since']
      return {
        deleted: secret.metadata.deletionTimestamp !== undefined,
        ...(secret.data?.token === undefined ? {} : { token: secret.data.token }),
        ...(invalidSince === undefined ? {} : { invalidSince }),
      }
    },
  }
}

export function bootstrapTokenSecret(internals: ApiInternals, name: string): BootstrapTokenSecret | undefined {
  const secret = internals.get(Secret, 'kube-system', name)
  return secret && { type: secret.type ?? '', deleted: secret.metadata.deletionTimestamp !== undefined, data: secret.data ?? {} }
}
