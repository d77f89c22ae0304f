import { ClusterRoleBinding } from '@treeline/api'
import type { Client } from '@treeline/client'
import { isAlreadyExists } from '@treeline/machinery'

/** What an installer adds to a cluster beyond what the API server makes by itself. */
const bindings: readonly ClusterRoleBinding[] = [
  {
    // the API server may ask node agents for logs, and run commands through them
    metadata: { name: 'treeline:apiserver-kubelet-client' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:kubelet-api-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'kube-apiserver-kubelet-client' }],
  },
]

/** Makes what is missing; safe to run again. */
export async function ensureClusterObjects(client: Client): Promise<void> {
  for (const binding of bindings) {
    try {
      await client.create(ClusterRoleBinding, binding)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  }
}
