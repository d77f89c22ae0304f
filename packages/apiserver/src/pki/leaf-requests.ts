import type { LeafRequest } from './certificate-issue.js'

/** Names under which workloads reach the API server inside the cluster. */
const serviceHostnames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']

/** The API server's serving certificate. `serviceAddress` is the first address of the service range. */
export function apiServerLeaf(options: {
  readonly serviceAddress: string
  readonly hostnames?: readonly string[]
  readonly addresses?: readonly string[]
}): LeafRequest {
  return {
    subject: { commonName: 'kube-apiserver' },
    usages: ['server'],
    hostnames: unique(['localhost', ...serviceHostnames, ...(options.hostnames ?? [])]),
    addresses: unique(['127.0.0.1', '::1', options.serviceAddress, ...(options.addresses ?? [])]),
  }
}

/** With it the API server calls kubelets. */
export const kubeletClientLeaf: LeafRequest = {
  subject: { commonName: 'kube-apiserver-kubelet-client', organizations: ['kubeadm:cluster-admins'] },
  usages: ['client'],
}

/** With it the API server, as a front proxy, calls extension API servers. */
export const frontProxyClientLeaf: LeafRequest = { subject: { commonName: 'front-proxy-client' }, usages: ['client'] }

/** Client certificates of people and of the control plane's components, by file name. */
export const clientLeaves = {
  admin: client('kubernetes-admin', 'system:masters'),
  'controller-manager': client('system:kube-controller-manager'),
  scheduler: client('system:kube-scheduler'),
  'cloud-controller-manager': client('system:cloud-controller-manager'),
} as const satisfies Readonly<Record<string, LeafRequest>>

/** With it the kubelet of a node calls the API server, which knows it as `system:node:NAME`. */
export function nodeClientLeaf(nodeName: string): LeafRequest {
  return client(`system:node:${nodeName}`, 'system:nodes')
}

/** With it the kubelet of a node serves. */
export function nodeServingLeaf(nodeName: string, addresses: readonly string[]): LeafRequest {
  return {
    subject: { commonName: `system:node:${nodeName}`, organizations: ['system:nodes'] },
    usages: ['server'],
    hostnames: [nodeName],
    addresses: unique(addresses),
  }
}

function client(commonName: string, ...organizations: string[]): LeafRequest {
  return { subject: { commonName, organizations }, usages: ['client'] }
}

const unique = (values: readonly string[]): string[] => [...new Set(values)]
