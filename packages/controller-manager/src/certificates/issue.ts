import { CertificateSigningRequest } from '@treeline/api'
import { type ControllerDefinition, defineController, on } from '@treeline/client'
import { formatTime } from '@treeline/machinery'
import { type SigningAuthority, signRequest } from './sign.js'
import { signers } from './signers.js'
import { hasCondition, readRequest } from './signing-request.js'

export interface CertificateSigningOptions {
  /** The authority of the cluster's own signers; without it nothing is signed. */
  readonly signingAuthority?: SigningAuthority
  /** Longest life of a certificate, in milliseconds; one year by default. */
  readonly signingDuration?: number
}

const shortest = 600_000
const oneYear = 365 * 86_400_000

/** Signs approved requests of the cluster's own signers, and says of those that break their rules that they failed. */
export function certificateSigningController(authority: SigningAuthority, longest = oneYear): ControllerDefinition {
  return defineController({
    name: 'certificatesigningrequest-signing-controller',
    workers: 5,
    backoff: { base: 200, cap: 1_000_000 },
    watches: [on(CertificateSigningRequest)],
    async reconcile(key, { cache, client, clock, signal }) {
      const csr = cache.get(CertificateSigningRequest, key)
      const check = signers.get(csr?.spec?.signerName ?? '')
      if (!csr || !check || csr.status?.certificate || !hasCondition(csr, 'Approved') || hasCondition(csr, 'Failed')) return undefined
      const { usages = [], expirationSeconds } = csr.spec ?? {}
      const request = await readRequest(csr)
      const problem = check(request, usages)
      if (problem !== undefined) {
        const time = formatTime(new Date(clock.now()))
        const reason = 'SignerValidationFailure'
        const failed = { type: 'Failed', status: 'True', reason, message: problem, lastUpdateTime: time, lastTransitionTime: time } as const
        const status = { ...csr.status, conditions: [...(csr.status?.conditions ?? []), failed] }
        await client.updateStatus(CertificateSigningRequest, { ...csr, status }, { signal })
        return undefined
      }
      const lifetime = Math.min(longest, Math.max(shortest, (expirationSeconds ?? Number.POSITIVE_INFINITY) * 1000))
      const pem = await signRequest(request.pem, usages, lifetime, authority, clock.now())
      const status = { ...csr.status, certificate: Buffer.from(pem).toString('base64') }
      await client.updateStatus(CertificateSigningRequest, { ...csr, status }, { signal })
      return undefined
    },
  })
}
