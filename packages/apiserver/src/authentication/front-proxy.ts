import type { IncomingHttpHeaders } from 'node:http'
import { subjectAttributes } from '../pki/certificate-check.js'
import { decodeExtraKey, headerValues, RefusedCredential, type RequestAuthenticator } from './attempt.js'
import { certificateVerifier } from './client-certificate.js'

export interface FrontProxyOptions {
  /** PEM of the authorities that sign certificates of front proxies. */
  readonly authorities: readonly string[]
  /** Common names of certificates that may speak for others; empty: every one of these authorities. */
  readonly allowedNames?: readonly string[]
  /** Lower-case header names; the first that is set counts. */
  readonly userHeaders?: readonly string[]
  /** None by default, as upstream. */
  readonly uidHeaders?: readonly string[]
  readonly groupHeaders?: readonly string[]
  readonly extraPrefixes?: readonly string[]
  readonly now?: () => number
}

/** A proxy in front that has authenticated the user and says so in headers, over a connection with its own certificate. */
export function frontProxy(options: FrontProxyOptions): RequestAuthenticator {
  const verify = certificateVerifier(options.authorities, options.now ?? Date.now)
  const allowed = new Set(options.allowedNames)
  const { userHeaders = ['x-remote-user'], uidHeaders = [], groupHeaders = ['x-remote-group'] } = options
  const { extraPrefixes = ['x-remote-extra-'] } = options
  return {
    recognise({ headers, clientCertificate }) {
      const name = firstValue(headers, userHeaders)
      if (!clientCertificate || !name) return undefined
      const commonName = subjectAttributes(verify(clientCertificate)).get('CN')?.at(-1) ?? ''
      if (allowed.size > 0 && !allowed.has(commonName)) {
        throw new RefusedCredential(`x509: subject with cn=${commonName} is not in the allowed list`)
      }
      const uid = firstValue(headers, uidHeaders)
      const groups = groupHeaders.flatMap((header) => headerValues(headers[header])).filter((group) => group !== '')
      return { user: { name, ...(uid ? { uid } : {}), groups, extra: extraOf(headers, extraPrefixes) } }
    },
  }
}

const firstValue = (headers: IncomingHttpHeaders, names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = headerValues(headers[name])[0]
    if (value) return value
  }
  return undefined
}

const extraOf = (headers: IncomingHttpHeaders, prefixes: readonly string[]): Record<string, string[]> => {
  const extra = new Map<string, string[]>()
  for (const prefix of prefixes) {
    for (const [name, value] of Object.entries(headers)) {
      if (!name.startsWith(prefix)) continue
      const key = decodeExtraKey(name.slice(prefix.length))
      extra.set(key, [...(extra.get(key) ?? []), ...headerValues(value)])
    }
  }
  return Object.fromEntries(extra)
}
