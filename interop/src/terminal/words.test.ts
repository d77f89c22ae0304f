import assert from 'node:assert/strict'
import { test } from 'node:test'
import { words } from './words.js'

test('quotes hold words together', () => {
  assert.deepEqual(words(`patch cm a -p '{"data": {"k": "v"}}'  --type=merge`), [
    'patch',
    'cm',
    'a',
    '-p',
    '{"data": {"k": "v"}}',
    '--type=merge',
  ])
  assert.deepEqual(words(`get pods -o jsonpath='{.a}{"\\n"}'`), ['get', 'pods', '-o', 'jsonpath={.a}{"\\n"}'])
  assert.deepEqual(words(`annotate x note="two words" ''`), ['annotate', 'x', 'note=two words', ''])
})
