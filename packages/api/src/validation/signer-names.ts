import { type FieldPath, quote, validateDnsLabel, validateDnsSubdomain } from '@treeline/machinery'
import type { Findings } from './findings.js'

const domainMaxLength = 253
const signerMaxLength = 571

/** Signers of the cluster itself have shorter lives. */
export function isKubernetesSigner(name: string): boolean {
  const host = name.split('/')[0] ?? ''
  return host === 'kubernetes.io' || host.endsWith('.kubernetes.io')
}

/** Who signs a certificate: `example.com/signer-name`. */
export function checkSignerName(found: Findings, name: string | undefined, path: FieldPath): void {
  if (!name) {
    found.required(path)
    return
  }
  const segments = name.split('/')
  const [domain = '', rest = ''] = segments
  if (segments.length !== 2) {
    found.invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")
    return
  }
  if (Buffer.byteLength(domain) > domainMaxLength) found.tooLong(path, domainMaxLength)
  checkLabels(found, domain, validateDnsLabel, path)
  if (!domain.includes('.')) found.invalid(path, domain, 'should be a domain with at least two segments separated by dots')
  checkLabels(found, rest, validateDnsSubdomain, path)
  if (Buffer.byteLength(name) > signerMaxLength) found.tooLong(path, signerMaxLength)
}

/** The first label that is wrong is enough. */
function checkLabels(found: Findings, text: string, rule: (label: string) => string[], path: FieldPath): void {
  for (const label of text.split('.')) {
    const problems = rule(label)
    for (const problem of problems) found.invalid(path, text, `validating label ${quote(label)}: ${problem}`)
    if (problems.length > 0) return
  }
}

/** What is wrong with the name of a ClusterTrustBundle, of a signer or of none. */
export function clusterTrustBundleNameProblems(name: string): string[] {
  const colon = name.lastIndexOf(':')
  return validateDnsSubdomain(name.slice(colon + 1))
}
