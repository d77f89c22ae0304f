import { formatCheck, lengthCheck } from './rules.js'

/** RFC 1123 subdomain: names of most objects. At most 253 bytes. */
export function validateDnsSubdomain(value: string): string[] {
  return [...lengthCheck(value, subdomainMaxLength), ...subdomainFormat(value)]
}

/** RFC 1123 label: names of namespaces, containers and the like. At most 63 bytes. */
export function validateDnsLabel(value: string): string[] {
  const wrong = labelFormat(value)
  const dotted = wrong.length > 0 && subdomainFormat(value).length === 0
  return [...lengthCheck(value, labelMaxLength), ...(dotted ? ['must not contain dots'] : wrong)]
}

/** RFC 1035 label: names of Services. At most 63 bytes, a letter first. */
export function validateDns1035Label(value: string): string[] {
  return [...lengthCheck(value, labelMaxLength), ...label1035Format(value)]
}

/** `*.` before a subdomain (RFC 1034 section 4.3.3). */
export function validateWildcardDnsSubdomain(value: string): string[] {
  return [...lengthCheck(value, subdomainMaxLength), ...wildcardFormat(value)]
}

/** A subdomain whose labels may hold underscores: DNS search paths. */
export function validateDnsSubdomainWithUnderscore(value: string): string[] {
  return [...lengthCheck(value, subdomainMaxLength), ...underscoreFormat(value)]
}

/** A prefix of a generated name may end with a dash: upstream checks it with its last two characters replaced. */
export function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix
}

export const subdomainMaxLength = 253
export const labelMaxLength = 63

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const underscoreLabel = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'

/** Format alone, for rules that count the length in their own words. */
export const subdomainFormat = formatCheck({
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  format: subdomain,
  examples: ['example.com'],
})

const labelFormat = formatCheck({
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  format: label,
  examples: ['my-name', '123-abc'],
})

const label1035Format = formatCheck({
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  format: '[a-z]([-a-z0-9]*[a-z0-9])?',
  examples: ['my-name', 'abc-123'],
})

const wildcardFormat = formatCheck({
  message:
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  format: `\\*\\.${subdomain}`,
  examples: ['*.example.com'],
})

const underscoreFormat = formatCheck({
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  format: `${underscoreLabel}(\\.${underscoreLabel})*`,
  examples: ['example.com'],
})
