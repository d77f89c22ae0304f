import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withIdentityHeaders } from './identity-headers.js'

test('repeated identity headers stay apart; one with a comma stays one', () => {
  const raw = [
    'Impersonate-User',
    'ann',
    'Impersonate-Group',
    'a, b',
    'Impersonate-Group',
    'c',
    'X-Remote-Group',
    'd, e',
    'Accept',
    'x',
    'Accept',
    'y',
  ]
  const joined = { 'impersonate-user': 'ann', 'impersonate-group': 'a, b, c', 'x-remote-group': 'd, e', accept: 'x, y' }
  assert.deepEqual(withIdentityHeaders(joined, raw), { ...joined, 'impersonate-group': ['a, b', 'c'] })
})

test('headers without identity are the same object', () => {
  const headers = { accept: 'x' }
  assert.equal(withIdentityHeaders(headers, ['Accept', 'x']), headers)
})
