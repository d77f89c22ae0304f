import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knownFormats } from './formats.js'

/** Format as it is looked up, texts that are of it, texts that are not. */
const cases: readonly (readonly [format: string, right: readonly string[], wrong: readonly string[]])[] = [
  ['ipv4', ['1.2.3.4'], ['1.2.3', '::1', '']],
  ['ipv6', ['::1', 'fe80::1'], ['1.2.3.4', 'x']],
  ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33', 'x/8']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']],
  ['date', ['2024-01-31'], ['2024-02-30', '2024']],
  ['datetime', ['2024-01-01T00:00:00Z'], ['2024-01-01', 'x']],
  ['duration', ['5m', '1h30m'], ['x', '']],
  ['byte', ['YQ=='], ['*']],
  ['email', ['a@b.example'], ['a', '@b']],
  ['hostname', ['host', 'a.example.com', 'a-b.example.com'], ['my-host', '2024-01-01', 'a..b', 'a.b1', '']],
  ['hexcolor', ['#fff', '#A0B1C2'], ['red']],
]

for (const [format, right, wrong] of cases) {
  test(format, () => {
    const fits = knownFormats.get(format)
    for (const text of right) assert.equal(fits?.(text), true, text)
    for (const text of wrong) assert.equal(fits?.(text), false, text)
  })
}

test('what is no format of upstream is not held against anything', () => {
  assert.equal(knownFormats.has('unheardof'), false)
})
