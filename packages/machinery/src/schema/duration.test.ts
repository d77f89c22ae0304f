import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalDuration, parseDuration } from './duration.js'

for (const [text, expected] of [
  ['0', '0s'],
  ['90m', '1h30m0s'],
  ['1.5h', '1h30m0s'],
  ['100ms', '100ms'],
  ['1500us', '1.5ms'],
  ['1ns', '1ns'],
  ['-2m3.5s', '-2m3.5s'],
  ['+1h2m', '1h2m0s'],
  ['.5s', '500ms'],
] as const) {
  test(`the duration ${text} is ${expected}`, () => assert.equal(canonicalDuration(text), expected))
}

for (const text of ['', '1', 's', '1d', '1h 2m', '--1s', '1h-2m', '9999999999h', '.s', 'x'.repeat(100)]) {
  test(`${JSON.stringify(text)} is no duration`, () => assert.equal(parseDuration(text), undefined))
}
