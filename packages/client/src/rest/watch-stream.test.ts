import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StatusError } from '@treeline/machinery'
import fc from 'fast-check'
import { decodeWatch } from './watch-stream.js'

async function* chunks(...parts: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part)
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = []
  for await (const event of stream) events.push(event)
  return events
}

test('events come out as they went in, wherever the chunks are cut', async () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1 })
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 10 }), fc.array(fc.nat(400), { maxLength: 10 }), async (names, cuts) => {
      const events = names.map((own) => ({ type: 'ADDED' as const, object: { metadata: { name: own } } }))
      const body = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
      const at = [...new Set([0, ...cuts.map((cut) => Math.min(cut, body.length)), body.length])].sort((a, b) => a - b)
      const pieces = at.slice(1).map((end, index) => body.subarray(at[index], end))
      assert.deepEqual(await all(decodeWatch(chunks(...pieces))), events)
    }),
  )
})

test('a bookmark tells its version, and whether it ends the initial events', async () => {
  const annotations = { 'k8s.io/initial-events-end': 'true' }
  const line = (metadata: object) => `${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`
  assert.deepEqual(await all(decodeWatch(chunks(line({ resourceVersion: '5' }), line({ resourceVersion: '6', annotations })))), [
    { type: 'BOOKMARK', resourceVersion: '5', initialEventsEnd: false },
    { type: 'BOOKMARK', resourceVersion: '6', initialEventsEnd: true },
  ])
})

test('an ERROR event is thrown as the error it holds', async () => {
  const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 1 (2)' }
  await assert.rejects(all(decodeWatch(chunks(`${JSON.stringify({ type: 'ERROR', object })}\n`))), (error: unknown) => {
    assert.ok(error instanceof StatusError)
    assert.deepEqual([error.code, error.reason], [410, 'Expired'])
    return true
  })
})

test('what is no event is a protocol error', async () => {
  await assert.rejects(all(decodeWatch(chunks('{"type":\n'))), { name: 'TransportError', failure: 'protocol' })
  await assert.rejects(all(decodeWatch(chunks('{"type":"OTHER","object":{}}\n'))), { name: 'TransportError', failure: 'protocol' })
})
