import { X509Certificate } from 'node:crypto'
import { CertificateSigningRequest } from '@treeline/api'
import { type ControllerDefinition, defineController, ignored, on } from '@treeline/client'
import { isNotFound, parseTime } from '@treeline/machinery'

const hour = 3_600_000
const sweepKey = 'sweep'

/** Deletes requests that were answered an hour ago, or that nobody has answered in a day, and those whose certificate has run out. */
export function certificateCleaner(): ControllerDefinition {
  return defineController({
    name: 'certificatesigningrequest-cleaner-controller',
    initialKeys: [sweepKey],
    watches: [on(CertificateSigningRequest, ignored)],
    async reconcile(_key, { cache, client, clock, signal }) {
      for (const csr of cache.list(CertificateSigningRequest)) {
        if (!isOver(csr, clock.now())) continue
        try {
          await client.delete(CertificateSigningRequest, { name: csr.metadata.name ?? '' }, { signal })
        } catch (error) {
          if (!isNotFound(error)) throw error
        }
      }
      return { requeueAfter: hour }
    },
  })
}

/** Whether a request has nothing more to tell. */
export function isOver({ metadata, status }: CertificateSigningRequest, now: number): boolean {
  const older = (time: string | null | undefined, age: number) => {
    const at = parseTime(time ?? '')
    return at !== undefined && now - at > age
  }
  const conditions = status?.conditions ?? []
  if (conditions.length === 0) return older(metadata.creationTimestamp, 24 * hour)
  return conditions.some(({ type, lastUpdateTime }) => {
    if (type === 'Denied' || type === 'Failed') return older(lastUpdateTime, hour)
    if (type !== 'Approved') return false
    return status?.certificate ? older(lastUpdateTime, hour) || hasExpired(status.certificate, now) : older(lastUpdateTime, 24 * hour)
  })
}

function hasExpired(certificate: string, now: number): boolean {
  try {
    return Date.parse(new X509Certificate(Buffer.from(certificate, 'base64')).validTo) < now
  } catch {
    // What other signers put there need not be readable here; then only its age counts.
    return false
  }
}
