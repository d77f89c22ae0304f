import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromCoreEvent, toCoreEvent } from './conversion.js'

test('an event has other names in the core group, and comes back as it was', () => {
  const event = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'e' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', name: 'p' },
    note: 'n',
    reason: 'R',
    reportingController: 'c',
    deprecatedCount: 3,
  }
  const core = toCoreEvent(event)
  assert.deepEqual(core, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    involvedObject: { kind: 'Pod', name: 'p' },
    message: 'n',
    reason: 'R',
    reportingComponent: 'c',
    count: 3,
  })
  assert.deepEqual(fromCoreEvent(core), event)
})
