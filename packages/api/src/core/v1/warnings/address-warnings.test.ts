import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cidrWarnings, ipWarnings } from './address-warnings.js'

const future = 'will be considered invalid in a future Kubernetes release'

test('addresses that newer fields would not take', () => {
  assert.deepEqual(
    ['10.0.0.1', 'fd00::1', 'nonsense'].flatMap((value) => ipWarnings(value, 'f')),
    [],
  )
  assert.deepEqual(ipWarnings('010.0.0.1', 'f'), [`f: non-standard IP address "010.0.0.1" ${future}: use "10.0.0.1"`])
  assert.deepEqual(ipWarnings('::ffff:1.2.3.4', 'f'), [`f: non-standard IP address "::ffff:1.2.3.4" ${future}: use "1.2.3.4"`])
  assert.deepEqual(ipWarnings('FD00:0::1', 'f'), ['f: IPv6 address "FD00:0::1" should be in RFC 5952 canonical format ("fd00::1")'])
})

test('ranges that newer fields would not take', () => {
  assert.deepEqual(
    ['10.0.0.0/8', 'fd00::/64', 'nonsense'].flatMap((value) => cidrWarnings(value, 'f')),
    [],
  )
  assert.deepEqual(cidrWarnings('10.0.0.1/8', 'f'), [
    'f: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
  ])
  assert.deepEqual(cidrWarnings('10.0.0.0/08', 'f'), [`f: non-standard CIDR value "10.0.0.0/08" ${future}: use "10.0.0.0/8"`])
  assert.deepEqual(cidrWarnings('FD00::/64', 'f'), ['f: IPv6 CIDR value "FD00::/64" should be in RFC 5952 canonical format ("fd00::/64")'])
})
