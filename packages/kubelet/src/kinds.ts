import type { ConfigMap, CSINode, Lease, Node, Pod, RuntimeClass, Secret, Service } from '@treeline/api'
import type { ResourceKind } from '@treeline/client'

/** The kinds a node agent reads and writes. Names alone: an agent needs no schemas. */
export const podKind: ResourceKind<Pod> = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', scope: 'Namespaced' }
export const nodeKind: ResourceKind<Node> = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', scope: 'Cluster' }
export const serviceKind: ResourceKind<Service> = { group: '', version: 'v1', kind: 'Service', plural: 'services', scope: 'Namespaced' }
export const configMapKind: ResourceKind<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  scope: 'Namespaced',
}
export const secretKind: ResourceKind<Secret> = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', scope: 'Namespaced' }
export const serviceAccountKind: ResourceKind = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  scope: 'Namespaced',
}
export const leaseKind: ResourceKind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  scope: 'Namespaced',
}
export const csiNodeKind: ResourceKind<CSINode> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  scope: 'Cluster',
}
export const runtimeClassKind: ResourceKind<RuntimeClass> = {
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  scope: 'Cluster',
}
