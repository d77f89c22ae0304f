import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeYaml } from './encode-yaml.js'
import { isYamlTimestamp } from './yaml-timestamp.js'

test('texts that YAML 1.1 takes for a point in time', () => {
  const times = [
    '2026-11-22',
    '2026-1-2',
    '2024-02-29',
    '2026-11-22T06:17:05Z',
    '2026-11-22t6:7:5.25+02:00',
    '2026-1-2 3:4:5',
    '2026-1-2 3:4:5.5',
  ]
  for (const text of times) assert.equal(isYamlTimestamp(text), true, text)
})

test('texts that only look like one', () => {
  const texts = [
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '26-01-01',
    '2026-11-22T24:00:00Z',
    '2026-11-22T06:17:05',
    '2026-11-22 ',
    'v2026-11-22',
  ]
  for (const text of texts) assert.equal(isYamlTimestamp(text), false, text)
})

test('timestamps are quoted, so that readers leave them the texts they are', () => {
  assert.equal(encodeYaml({ created: '2026-11-22T06:17:05Z', not: '2026-02-30' }), 'created: "2026-11-22T06:17:05Z"\nnot: 2026-02-30\n')
})
