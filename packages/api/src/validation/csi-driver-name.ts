import { type FieldPath, validateDnsSubdomain } from '@treeline/machinery'
import type { Findings } from './findings.js'

const maxLength = 63

/** Name of a CSI driver: a DNS subdomain in any case, of at most 63 characters. */
export function checkCsiDriverName(found: Findings, name: string | undefined, path: FieldPath): void {
  if (!name) {
    found.required(path)
    return
  }
  if (Buffer.byteLength(name) > maxLength) found.tooLong(path, maxLength)
  found.each(path, name, validateDnsSubdomain(name.toLowerCase()))
}
