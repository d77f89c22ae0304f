import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lease } from '@treeline/api'
import { errors } from '@treeline/machinery'
import { FakeClock } from '../testing/fake-clock.js'
import { RecordingClient } from '../testing/recording-client.js'
import { settled } from '../testing/settled.js'
import { runAsLeader } from './leader-elector.js'

function setup() {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const client = new RecordingClient([], () => clock.now())
  const run = (identity: string) => {
    const abort = new AbortController()
    const state = { leads: false, leaders: [] as string[] }
    const finished = runAsLeader(
      {
        client,
        namespace: 'kube-system',
        name: 'lock',
        identity,
        clock,
        random: () => 0,
        onNewLeader: (leader) => state.leaders.push(leader),
      },
      async (term) => {
        state.leads = true
        if (!term.aborted) await new Promise((resolve) => term.addEventListener('abort', resolve, { once: true }))
        state.leads = false
      },
      abort.signal,
    )
    return { state, abort, finished }
  }
  const spec = () => client.peek(Lease, 'kube-system/lock')?.spec
  /** Lets time pass in steps, so that what waits for answers gets its turn in between. */
  const pass = async (seconds: number) => {
    for (let step = 0; step < seconds * 10; step++) {
      clock.advance(100)
      await settled(() => true)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { clock, client, run, spec, pass }
}

test('the first candidate leads and renews every 2 s; the second waits until it hears nothing for 15 s', async () => {
  const { client, run, spec, pass } = setup()
  const first = run('one')
  await settled(() => first.state.leads)
  const second = run('two')
  await pass(20)
  assert.deepEqual([first.state.leads, second.state.leads, second.state.leaders], [true, false, ['one']])
  assert.equal(spec()?.holderIdentity, 'one')
  assert.equal(spec()?.leaseTransitions, 0)
  client.fail({ verb: 'update', kind: 'Lease', error: errors.internal('the first one is cut off'), times: 5 })
  await pass(30)
  assert.equal(Number(first.state.leads) + Number(second.state.leads), 1)
  first.abort.abort()
  second.abort.abort()
  await Promise.all([first.finished, second.finished])
})

test('a leader that ends gives the lease up, and the next one takes it at its next try', async () => {
  const { run, spec, pass } = setup()
  const first = run('one')
  await settled(() => first.state.leads)
  const second = run('two')
  await pass(1)
  first.abort.abort()
  assert.equal(await first.finished, true)
  assert.equal(spec()?.holderIdentity, '')
  await pass(5)
  assert.deepEqual([second.state.leads, spec()?.holderIdentity, spec()?.leaseTransitions], [true, 'two', 1])
  second.abort.abort()
  await second.finished
})

test('a leader that cannot renew for 10 s stops leading', async () => {
  const { client, run, pass } = setup()
  const only = run('one')
  await settled(() => only.state.leads)
  client.fail({ kind: 'Lease', error: errors.internal('broken') })
  await pass(9)
  assert.equal(only.state.leads, true)
  await pass(4)
  assert.equal(only.state.leads, false)
  assert.equal(await only.finished, false)
})
