import { ConfigMap } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import { ensure } from './ensure.js'

/** How this server authenticates, as extension API servers have to know. */
export interface ClusterAuthentication {
  /** PEM of the authorities that sign client certificates. */
  readonly clientAuthorities?: string
  readonly frontProxy?: {
    readonly authorities: string
    readonly allowedNames: readonly string[]
    readonly userHeaders: readonly string[]
    readonly groupHeaders: readonly string[]
    readonly uidHeaders: readonly string[]
    readonly extraPrefixes: readonly string[]
  }
}

const name = 'extension-apiserver-authentication'

/** Publishes how the server authenticates; authorities that other servers of the cluster published stay beside its own. */
export async function publishAuthentication(internals: ApiInternals, authentication: ClusterAuthentication): Promise<void> {
  const wanted = dataOf(authentication)
  if (Object.keys(wanted).length === 0) return
  await ensure(internals, ConfigMap, { metadata: { namespace: 'kube-system', name }, data: wanted }, (current) => {
    const data = { ...current.data, ...wanted }
    for (const key of ['client-ca-file', 'requestheader-client-ca-file']) {
      const merged = mergeCertificates(current.data?.[key], wanted[key])
      if (merged !== undefined) data[key] = merged
    }
    return deepEqual(current.data, data) ? undefined : { ...current, data }
  })
}

const dataOf = ({ clientAuthorities, frontProxy }: ClusterAuthentication): Record<string, string> => ({
  ...(clientAuthorities === undefined ? {} : { 'client-ca-file': clientAuthorities }),
  ...(frontProxy === undefined
    ? {}
    : {
        'requestheader-allowed-names': JSON.stringify(frontProxy.allowedNames),
        'requestheader-client-ca-file': frontProxy.authorities,
        'requestheader-extra-headers-prefix': JSON.stringify(frontProxy.extraPrefixes),
        'requestheader-group-headers': JSON.stringify(frontProxy.groupHeaders),
        'requestheader-uid-headers': JSON.stringify(frontProxy.uidHeaders),
        'requestheader-username-headers': JSON.stringify(frontProxy.userHeaders),
      }),
})

/** Certificates of both bundles, each once; ours behind those that are there. */
export function mergeCertificates(there: string | undefined, ours: string | undefined): string | undefined {
  const certificates = [...certificatesIn(there), ...certificatesIn(ours)]
  return certificates.length === 0 ? undefined : [...new Set(certificates)].map((certificate) => `${certificate}\n`).join('')
}

const certificatesIn = (bundle = ''): string[] =>
  [...bundle.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([certificate]) => certificate)
