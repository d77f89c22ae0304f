import { subdomainFormat, subdomainMaxLength } from './dns.js'
import { emptyMessage, type FormatRule, formatCheck, formatMessage, lengthCheck } from './rules.js'

/** A name with an optional DNS prefix, `example.com/name`: keys of labels and annotations, finalizers, resources, conditions. */
export function validateQualifiedName(value: string): string[] {
  const parts = value.split('/')
  if (parts.length > 2) return [tooManyParts]
  const name = parts[parts.length - 1] ?? ''
  return [
    ...(parts.length === 2 ? prefixProblems(parts[0] ?? '').map((problem) => `prefix part ${problem}`) : []),
    ...nameProblems(name).map((problem) => `name part ${problem}`),
  ]
}

/** Value of a label: empty, or at most 63 bytes that start and end with a letter or digit. */
export function validateLabelValue(value: string): string[] {
  return [...lengthCheck(value, 63, 'bytes'), ...valueFormat(value)]
}

function prefixProblems(prefix: string): string[] {
  return prefix === '' ? [emptyMessage] : [...lengthCheck(prefix, subdomainMaxLength, 'bytes'), ...subdomainFormat(prefix)]
}

function nameProblems(name: string): string[] {
  return [...(name === '' ? [emptyMessage] : lengthCheck(name, 63, 'bytes')), ...nameFormat(name)]
}

const nameRule: FormatRule = {
  message: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  format: '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  examples: ['MyName', 'my.name', '123-abc'],
}
const nameFormat = formatCheck(nameRule)
const tooManyParts = `a valid label key ${formatMessage(nameRule)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`

const valueFormat = formatCheck({
  message:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  format: '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  examples: ['MyValue', 'my_value', '12345'],
})
