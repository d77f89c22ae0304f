import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatFieldError } from '../status/field-error.js'
import { maskTrailingDash, validateDns1035Label, validateDnsLabel, validateDnsSubdomain, validateWildcardDnsSubdomain } from './dns.js'
import {
  unprintableCharacters,
  validateConfigMapKey,
  validateEnvVarName,
  validateHttpHeaderName,
  validatePathSegmentName,
  validatePercent,
  validatePortName,
  validatePortNumber,
  validateRelaxedEnvVarName,
} from './identifiers.js'
import { validateLabelValue, validateQualifiedName } from './label-names.js'
import { validateAnnotations, validateLabels } from './metadata.js'

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const namePart =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

const table: readonly (readonly [rule: (value: string) => string[], value: string, problems: string[]])[] = [
  [validateDnsSubdomain, 'a.b-c.1', []],
  [validateDnsSubdomain, 'A', [subdomain]],
  [validateDnsSubdomain, '', [subdomain]],
  [validateDnsSubdomain, 'a\n', [subdomain]],
  [validateDnsSubdomain, 'a'.repeat(254), ['must be no more than 253 characters']],
  [validateDnsLabel, 'a-1', []],
  [validateDnsLabel, 'a.b', ['must not contain dots']],
  [validateDnsLabel, 'a_b', [label]],
  [validateDnsLabel, 'a'.repeat(64), ['must be no more than 63 characters']],
  [
    validateDns1035Label,
    '1a',
    [
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [validateWildcardDnsSubdomain, '*.a.b', []],
  [validateQualifiedName, 'example.com/Name_1', []],
  [validateQualifiedName, '', ['name part must be non-empty', namePart]],
  [validateQualifiedName, '/a', ['prefix part must be non-empty']],
  [validateQualifiedName, `A/${'b'.repeat(64)}`, [`prefix part ${subdomain}`, 'name part must be no more than 63 bytes']],
  [
    validateQualifiedName,
    'a/b/c',
    [
      "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
  ],
  [validateLabelValue, '', []],
  [validateLabelValue, 'a'.repeat(64), ['must be no more than 63 bytes']],
  [validateConfigMapKey, '.a_-1', []],
  [validateConfigMapKey, '..', ["must not be '..'"]],
  [validateConfigMapKey, '..a', ["must not start with '..'"]],
  [
    validateConfigMapKey,
    'a/b',
    [
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [validateEnvVarName, 'A.b_c-1', []],
  [validateRelaxedEnvVarName, '1 a', []],
  [validateRelaxedEnvVarName, 'a=b', ["a valid environment variable name must consist only of printable ASCII characters other than '='"]],
  [validateRelaxedEnvVarName, '', ['environment variable name must be non-empty']],
  [validatePortName, 'http', []],
  [
    validatePortName,
    '1--',
    ['must contain at least one letter (a-z)', 'must not contain consecutive hyphens', 'must not begin or end with a hyphen'],
  ],
  [validatePortName, 'a'.repeat(16), ['must be no more than 15 characters']],
  [validatePathSegmentName, 'system:admin', []],
  [validatePathSegmentName, '..', ["may not be '..'"]],
  [validatePathSegmentName, 'a/%', ["may not contain '/'", "may not contain '%'"]],
  [validatePercent, '5%', []],
  [
    validatePercent,
    '5',
    [
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  ],
  [validateHttpHeaderName, 'X-A', []],
  [unprintableCharacters, 'aé\u0007', ['invalid character U+0007 (at position 3)']],
]

describe('name rules', () => {
  for (const [rule, value, problems] of table) {
    test(`${rule.name} ${JSON.stringify(value.slice(0, 20))}`, () => assert.deepEqual(rule(value), problems))
  }

  test('port numbers', () => {
    assert.deepEqual(validatePortNumber(1), [])
    assert.deepEqual(validatePortNumber(65536), ['must be between 1 and 65535, inclusive'])
  })

  test('a prefix may end with a dash', () => {
    assert.deepEqual(validateDnsLabel(maskTrailingDash('web-')), [])
    assert.equal(maskTrailingDash('-'), '-')
  })

  test('labels and annotations are reported at their map', () => {
    assert.deepEqual(
      validateLabels({ 'a/b/c': 'x y' }, 'metadata.labels').map(({ field, badValue }) => [field, badValue]),
      [
        ['metadata.labels', 'a/b/c'],
        ['metadata.labels', 'x y'],
      ],
    )
    assert.deepEqual(validateAnnotations({ 'Example.COM/A': 'any\u0000thing' }, 'metadata.annotations'), [])
    assert.deepEqual(validateAnnotations({ a: 'é'.repeat(131072) }, 'metadata.annotations').map(formatFieldError), [
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ])
  })

  test('no rule is slow on long input', () => {
    const long = `${'a-'.repeat(200_000)}!`
    for (const [rule] of table) rule(long)
  })
})
