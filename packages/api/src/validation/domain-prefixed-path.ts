import { type FieldPath, formatMessage, validateDnsSubdomain } from '@treeline/machinery'
import type { Findings } from './findings.js'

const pathFormat = `[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+`
const pathPattern = new RegExp(`^${pathFormat}$`)
const pathMessage = formatMessage({ message: 'Invalid path', format: pathFormat, examples: [] })

/** `acme.io/foo`: who, and what of theirs. */
export function checkDomainPrefixedPath(found: Findings, value: string | undefined, path: FieldPath): void {
  if (!value) {
    found.required(path)
    return
  }
  const slash = value.indexOf('/')
  const host = value.slice(0, slash)
  const rest = value.slice(slash + 1)
  if (slash <= 0 || rest === '') {
    found.invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')
    return
  }
  found.each(path, host, validateDnsSubdomain(host))
  if (!pathPattern.test(rest)) found.invalid(path, rest, pathMessage)
}
