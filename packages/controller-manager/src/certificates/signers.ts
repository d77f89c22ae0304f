import type { ReadRequest } from './signing-request.js'

export const clientSigner = 'kubernetes.io/kube-apiserver-client'
export const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet'
export const kubeletServingSigner = 'kubernetes.io/kubelet-serving'
const legacySigner = 'kubernetes.io/legacy-unknown'

/** What is wrong with a request, for its signer; undefined if nothing is. */
type Check = (request: ReadRequest, usages: readonly string[]) => string | undefined

const kubeletClientUsages = ['key encipherment', 'digital signature', 'client auth']
const kubeletServingUsages = ['key encipherment', 'digital signature', 'server auth']

/** The signers of this cluster and the rules of each. */
export const signers: ReadonlyMap<string, Check> = new Map<string, Check>([
  [clientSigner, (_request, usages) => (usages.includes('client auth') ? undefined : 'usages did not include "client auth"')],
  [kubeletClientSigner, checkKubeletClient],
  [kubeletServingSigner, checkKubeletServing],
  [legacySigner, () => undefined],
])

/** Both usages, with or without key encipherment. */
function exactly(usages: readonly string[], wanted: readonly string[]): boolean {
  const given = new Set(usages)
  const needed = wanted.filter((usage) => usage !== 'key encipherment')
  return needed.every((usage) => given.has(usage)) && [...given].every((usage) => wanted.includes(usage))
}

function ofNodes({ organizations, commonName }: ReadRequest): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes') return 'subject organization is not system:nodes'
  return commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:'
}

function checkKubeletClient(request: ReadRequest, usages: readonly string[]): string | undefined {
  const { dnsNames, addresses, emails, uris } = request
  if (request.organizations.length !== 1 || request.organizations[0] !== 'system:nodes') return ofNodes(request)
  if (dnsNames.length > 0) return 'DNS subjectAltNames are not allowed'
  if (emails.length > 0) return 'Email subjectAltNames are not allowed'
  if (addresses.length > 0) return 'IP subjectAltNames are not allowed'
  if (uris.length > 0) return 'URI subjectAltNames are not allowed'
  return ofNodes(request) ?? (exactly(usages, kubeletClientUsages) ? undefined : 'usages did not match [client auth digital signature]')
}

function checkKubeletServing(request: ReadRequest, usages: readonly string[]): string | undefined {
  const { dnsNames, addresses, emails, uris } = request
  if (request.organizations.length !== 1 || request.organizations[0] !== 'system:nodes') return ofNodes(request)
  if (dnsNames.length + addresses.length === 0) return 'DNS or IP subjectAltName is required'
  if (emails.length > 0) return 'Email subjectAltNames are not allowed'
  if (uris.length > 0) return 'URI subjectAltNames are not allowed'
  if (!exactly(usages, kubeletServingUsages)) return 'usages did not match [digital signature server auth]'
  return ofNodes(request)
}
