import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '@treeline/api'
import { errors } from '@treeline/machinery'
import { FakeClock } from '../testing/fake-clock.js'
import { RecordingClient } from '../testing/recording-client.js'
import { settled } from '../testing/settled.js'
import { TransportError } from '../transport.js'
import { createEventRecorder } from './event-recorder.js'

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'a', name: 'p', uid: 'u', resourceVersion: '5' } }

function setup() {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const client = new RecordingClient([], () => clock.now())
  const recorder = createEventRecorder({ client, component: 'tester', clock, random: () => 0.5 })
  return { clock, client, recorder }
}

test('an event says what, of whom, when and by whom', async () => {
  const { client, recorder } = setup()
  recorder.event(pod, 'Normal', 'Started', 'all is well', { fieldPath: 'spec.containers{c}' })
  await settled(() => client.actions.length === 1)
  assert.deepEqual(client.actions[0]?.object, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `p.${(1767225600000n * 1_000_000n + 500_000n).toString(16)}`, namespace: 'a' },
    involvedObject: {
      kind: 'Pod',
      namespace: 'a',
      name: 'p',
      uid: 'u',
      apiVersion: 'v1',
      resourceVersion: '5',
      fieldPath: 'spec.containers{c}',
    },
    reason: 'Started',
    message: 'all is well',
    source: { component: 'tester' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 1,
    type: 'Normal',
    reportingComponent: 'tester',
    reportingInstance: '',
  })
  await recorder.close()
})

test('the same event again raises the count of the first', async () => {
  const { clock, client, recorder } = setup()
  recorder.event(pod, 'Warning', 'Failed', 'no')
  clock.advance(7000)
  recorder.event(pod, 'Warning', 'Failed', 'no')
  await settled(() => client.actions.length === 2)
  const [first, second] = client.actions
  assert.deepEqual([first?.verb, second?.verb, second?.key === `a/${first?.object?.metadata.name}`], ['create', 'patch', true])
  assert.deepEqual(second?.patch, { type: 'strategic', body: { count: 2, lastTimestamp: '2026-01-01T00:00:07Z', message: 'no' } })
  await recorder.close()
})

test('from the tenth similar event on they are one', async () => {
  const { client, recorder } = setup()
  for (let number = 1; number <= 12; number++) recorder.event(pod, 'Warning', 'Failed', `no ${number}`)
  await settled(() => client.actions.length === 12)
  const created = client.actions.filter(({ verb }) => verb === 'create').map(({ object }) => (object as Event).message)
  assert.deepEqual(created.slice(8), ['no 9', '(combined from similar events): no 10'])
  const counted = client.actions.filter(({ verb }) => verb === 'patch').map(({ patch }) => (patch!.body as Event).message)
  assert.deepEqual(counted, ['(combined from similar events): no 11', '(combined from similar events): no 12'])
  await recorder.close()
})

test('a source that says too much of one object is silenced, of another is not', async () => {
  const { clock, client, recorder } = setup()
  for (let number = 1; number <= 40; number++) recorder.event(pod, 'Normal', `Reason${number}`, 'x')
  recorder.event({ ...pod, metadata: { ...pod.metadata, uid: 'v' } }, 'Normal', 'Other', 'x')
  await settled(() => client.actions.length === 26)
  clock.advance(300_000)
  recorder.event(pod, 'Normal', 'Later', 'x')
  await settled(() => client.actions.length === 27)
  await recorder.close()
})

test('what the server rejects is not sent again, what it did not hear is', async () => {
  const { clock, client, recorder } = setup()
  client.fail({ verb: 'create', error: errors.forbidden({ group: '', resource: 'events' }, 'x', 'no'), times: 1 })
  client.fail({ verb: 'create', error: new TransportError('connection', 'refused'), times: 1 })
  recorder.event(pod, 'Normal', 'One', 'x')
  recorder.event(pod, 'Normal', 'Two', 'x')
  await settled(() => client.actions.length === 2 && clock.nextTimer !== undefined)
  clock.advance(10_000)
  await settled(() => client.actions.length === 3)
  assert.deepEqual(
    client.actions.map(({ object }) => (object as Event).reason),
    ['One', 'Two', 'Two'],
  )
  await recorder.close()
})
