import type { Node, Service } from '@treeline/api'
import type { CloudProvider, InstanceDescription, InstanceMetadata, LoadBalancers, Routes } from '@treeline/cloud-provider'
import type { CloudContext } from './cloud-context.js'

/** A ready node of the API, for tests. */
export function nodeOf(
  name: string,
  more: { spec?: Node['spec']; status?: Node['status']; metadata?: Partial<Node['metadata']> } = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid-${name}`, creationTimestamp: '2025-12-31T00:00:00Z', ...more.metadata },
    spec: more.spec ?? {},
    status: more.status ?? { conditions: [{ type: 'Ready', status: 'True' }] },
  } as Node
}

export function serviceOf(name: string, spec: NonNullable<Service['spec']>, metadata: Partial<Service['metadata']> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, ...metadata },
    spec,
    status: { loadBalancer: {} },
  } as Service
}

export const metadataOf = (id: string): InstanceMetadata => ({
  providerID: `test:///${id}`,
  instanceType: 'small',
  region: 'r1',
  zone: 'z1',
  addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
})

/** A context whose cloud answers from a table, by node name. */
export function contextOf(
  answers: Readonly<Record<string, InstanceDescription>>,
  parts: { loadBalancers?: LoadBalancers; routes?: Routes; clusterCIDRs?: readonly string[] } = {},
): CloudContext {
  const cloud: CloudProvider = { name: 'test', close: async () => undefined, ...parts }
  return {
    cloud,
    clusterCIDRs: parts.clusterCIDRs ?? ['10.244.0.0/16'],
    instances: {
      async describe(node) {
        const answer = answers[node.metadata.name ?? '']
        if (!answer) throw new Error('the cloud cannot be reached')
        return answer
      },
    },
  }
}
