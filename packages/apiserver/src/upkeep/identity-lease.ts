import { createHash, randomUUID } from 'node:crypto'
import { Lease } from '@treeline/api'
import { formatMicroTime, isStatusError } from '@treeline/machinery'
import { ensure } from '../bootstrap/ensure.js'
import type { ApiInternals } from '../registry/internals.js'

const namespace = 'kube-system'
const identityLabel = 'apiserver.kubernetes.io/identity'
const component = 'kube-apiserver'
const leaseDurationSeconds = 3600

/** By this lease the cluster knows which API servers it has. */
export interface IdentityLease {
  /** Writes the lease, or its next time. */
  renew(): Promise<void>
  /** Deletes the leases of servers that have not renewed theirs for an hour. */
  forgetOthers(): Promise<void>
}

export function identityLease(internals: ApiInternals, hostname: string, now: () => number): IdentityLease {
  const name = `apiserver-${identityHash(hostname)}`
  const holderIdentity = `${name}_${randomUUID()}`
  const labels = { [identityLabel]: component, 'kubernetes.io/hostname': hostname }
  return {
    renew() {
      const spec = { holderIdentity, leaseDurationSeconds, renewTime: formatMicroTime(new Date(now())) }
      return ensure(internals, Lease, { metadata: { name, namespace, labels }, spec }, ({ metadata, ...lease }) => ({
        ...lease,
        metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
        spec: { ...lease.spec, ...spec },
      }))
    },
    async forgetOthers() {
      await internals.store(Lease).ready
      for (const { metadata, spec } of internals.list(Lease, namespace)) {
        if (metadata.labels?.[identityLabel] !== component || !isOver(spec, now())) continue
        const { name: other = '', resourceVersion = '' } = metadata
        try {
          await internals.delete(Lease, namespace, other, { preconditions: { resourceVersion } })
        } catch (error) {
          // Renewed or gone in the meantime.
          if (!isStatusError(error, 'Conflict') && !isStatusError(error, 'NotFound')) throw error
        }
      }
    },
  }
}

const isOver = (spec: Lease['spec'], now: number): boolean =>
  spec?.renewTime === undefined ||
  spec.leaseDurationSeconds === undefined ||
  Date.parse(spec.renewTime) + spec.leaseDurationSeconds * 1000 < now

/** Upstream's hash of host and component: both with their lengths before them. */
function identityHash(hostname: string): string {
  const parts = [hostname, component].flatMap((text) => {
    const bytes = Buffer.from(text)
    return [Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]
  })
  return base32(createHash('sha256').update(Buffer.concat(parts)).digest().subarray(0, 16))
}

const base32Digits = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: Uint8Array): string {
  let [text, bits, count] = ['', 0, 0]
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    count += 8
    for (; count >= 5; count -= 5) text += base32Digits[(bits >> (count - 5)) & 31]
    bits &= (1 << count) - 1
  }
  return count > 0 ? text + base32Digits[(bits << (5 - count)) & 31] : text
}
