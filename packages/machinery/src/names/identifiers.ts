import { isPrintable } from '../text/quote.js'
import { subdomainMaxLength } from './dns.js'
import { emptyMessage, formatCheck, lengthCheck, validateInRange } from './rules.js'

/** A name that stands in a URL path as one segment (RBAC kinds, CSRs). */
export function validatePathSegmentName(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`]
  return validatePathSegmentPrefix(value)
}

/** The beginning of such a name. */
export function validatePathSegmentPrefix(value: string): string[] {
  return ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`)
}

/** Key of a ConfigMap or Secret: also a file name, so no `..` in front. */
export function validateConfigMapKey(value: string): string[] {
  return [...lengthCheck(value, subdomainMaxLength), ...configMapKeyFormat(value), ...parentDirectoryProblems(value)]
}

/** Name of an environment variable as a C-like identifier with dots and dashes. */
export function validateEnvVarName(value: string): string[] {
  return [...envVarFormat(value), ...parentDirectoryProblems(value)]
}

/** Name of an environment variable since 1.34: any printable ASCII but `=`. */
export function validateRelaxedEnvVarName(value: string): string[] {
  if (value === '') return [`environment variable name ${emptyMessage}`]
  return /^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** IANA service name of a container or Service port: at most 15 of `a-z0-9-`, with a letter. */
export function validatePortName(value: string): string[] {
  return [
    ...lengthCheck(value, 15),
    ...(/^[-a-z0-9]+$/.test(value) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
    ...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(value.startsWith('-') || value.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
  ]
}

export function validatePortNumber(value: number): string[] {
  return validateInRange(value, 1, 65535)
}

/** Unix user or group id. */
export function validateUserId(value: number): string[] {
  return validateInRange(value, 0, 0x7fffffff)
}

export const validatePercent = formatCheck({
  message: "a valid percent string must be a numeric string followed by an ending '%'",
  format: '[0-9]+%',
  examples: ['1%', '93%'],
})

export const validateHttpHeaderName = formatCheck({
  message: "a valid HTTP header must consist of alphanumeric characters or '-'",
  format: '[-A-Za-z0-9]+',
  examples: ['X-Header-Name'],
})

export const validateCIdentifier = formatCheck({
  message: "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  format: '[A-Za-z_][A-Za-z0-9_]*',
  examples: ['my_name', 'MY_NAME', 'MyName'],
})

/** Reason of a condition. */
export const validateConditionReason = formatCheck({
  message:
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  format: '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?',
  examples: ['my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB'],
})

/** Characters of a field manager that cannot be printed, as `invalid character U+0007 (at position 3)`. */
export function unprintableCharacters(value: string): string[] {
  const problems: string[] = []
  if (printableAscii.test(value)) return problems
  let position = 0
  for (const character of value) {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    if (!isPrintable(character)) problems.push(`invalid character U+${code} (at position ${position})`)
    position += Buffer.byteLength(character)
  }
  return problems
}

const printableAscii = /^[ -~]*$/

const configMapKeyFormat = formatCheck({
  message: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  format: '[-._a-zA-Z0-9]+',
  examples: ['key.name', 'KEY_NAME', 'key-name'],
})

const envVarFormat = formatCheck({
  message:
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  format: '[-._a-zA-Z][-._a-zA-Z0-9]*',
  examples: ['my.env-name', 'MY_ENV.NAME', 'MyEnvName1'],
})

function parentDirectoryProblems(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}
