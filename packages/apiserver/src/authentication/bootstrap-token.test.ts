import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BootstrapTokenSecret, bootstrapTokens } from './bootstrap-token.js'

const base = {
  'token-id': 'abc123',
  'token-secret': '0123456789abcdef',
  'usage-bootstrap-authentication': 'true',
}
const now = () => Date.parse('2026-01-01T00:00:00Z')

const recognise = async (token: string, data: Record<string, string>, secret: Partial<BootstrapTokenSecret> = {}) =>
  bootstrapTokens(
    (name) =>
      name === 'bootstrap-token-abc123'
        ? {
            type: 'bootstrap.kubernetes.io/token',
            deleted: false,
            data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
            ...secret,
          }
        : undefined,
    ['a'],
    now,
  ).recogniseToken(token, ['a'])

const token = 'abc123.0123456789abcdef'

test('a bootstrap token gives its user and groups', async () => {
  assert.deepEqual(await recognise(token, { ...base, 'auth-extra-groups': 'system:bootstrappers:b,system:bootstrappers:a' }), {
    user: { name: 'system:bootstrap:abc123', groups: ['system:bootstrappers', 'system:bootstrappers:a', 'system:bootstrappers:b'] },
    audiences: ['a'],
  })
  assert.ok(await recognise(token, { ...base, expiration: '2026-01-01T00:00:01Z' }))
})

const refused: Record<string, Promise<unknown>> = {
  'of another shape': recognise('abc123', base),
  unknown: recognise('zzz999.0123456789abcdef', base),
  'wrong secret': recognise('abc123.0123456789abcdee', base),
  'wrong id': recognise(token, { ...base, 'token-id': 'abc124' }),
  'not for authentication': recognise(token, { ...base, 'usage-bootstrap-authentication': 'false' }),
  expired: recognise(token, { ...base, expiration: '2025-12-31T23:59:59Z' }),
  'unreadable expiration': recognise(token, { ...base, expiration: 'tomorrow' }),
  'forbidden group': recognise(token, { ...base, 'auth-extra-groups': 'system:masters' }),
  'wrong type': recognise(token, base, { type: 'Opaque' }),
  deleted: recognise(token, base, { deleted: true }),
}
for (const [why, result] of Object.entries(refused)) {
  test(`a bootstrap token is not recognised: ${why}`, async () => assert.equal(await result, undefined))
}
