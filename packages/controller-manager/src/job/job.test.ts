import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Job, Pod } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { errors } from '@treeline/machinery'
import fc from 'fast-check'
import { change, job, template, world } from '../testing/objects.js'
import { jobControllers } from './index.js'

function setup(owner: Job) {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const [definition] = jobControllers(clock)
  const fixture = new ControllerFixture(definition!, { objects: [owner], clock })
  const pods = () => world(fixture, Pod)
  const current = () => world(fixture, Job)[0]!
  const end = (pod: Pod, phase: 'Succeeded' | 'Failed', more: Partial<NonNullable<Pod['status']>> = {}) =>
    change(fixture, pod, (copy) => (copy.status = { phase, ...more }))
  const running = () => pods().filter((pod) => !pod.status?.phase && !pod.metadata.deletionTimestamp)
  const settle = (wait = 1500) => fixture.settle({ wait })
  const conditions = () => (current().status?.conditions ?? []).map(({ type, reason }) => `${type} ${reason}`)
  return { fixture, clock, pods, current, end, running, settle, conditions }
}

test('as many pods run as are wanted at once, each held by a finalizer', async () => {
  const { pods, current, settle } = setup(job('j'))
  await settle()
  assert.equal(pods().length, 2)
  assert.deepEqual(pods()[0]?.metadata.finalizers, ['batch.kubernetes.io/job-tracking'])
  const { startTime, active, ready, terminating, uncountedTerminatedPods } = current().status ?? {}
  assert.deepEqual([startTime, active, ready, terminating, uncountedTerminatedPods], ['2026-01-01T00:00:00Z', 2, 0, 0, {}])
})

test('a Job whose pods succeed is complete, in two steps', async () => {
  const { fixture, running, end, settle, current, conditions, pods } = setup(job('j'))
  for (let round = 0; round < 3; round++) {
    await settle()
    for (const pod of running()) end(pod, 'Succeeded')
  }
  await settle()
  assert.deepEqual(conditions(), ['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached'])
  assert.deepEqual([current().status?.succeeded, current().status?.active, pods().length], [3, 0, 3])
  assert.ok(pods().every(({ metadata }) => !metadata.finalizers?.length))
  assert.ok(current().status?.completionTime)
  assert.deepEqual(fixture.events.at(-1), { about: 'Job a/j', type: 'Normal', reason: 'Completed', message: 'Job completed' })
})

test('failures wait ever longer, and too many of them fail the Job', async () => {
  const { fixture, running, end, settle, current, conditions, pods } = setup(job('j', { backoffLimit: 1, parallelism: 1 }))
  await settle()
  end(running()[0]!, 'Failed')
  await settle(5000)
  assert.equal(pods().length, 1)
  await settle(10_000)
  assert.equal(pods().length, 2)
  end(running()[0]!, 'Failed')
  await settle()
  assert.deepEqual(conditions(), ['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded'])
  assert.equal(current().status?.failed, 2)
  assert.equal(fixture.events.at(-1)?.message, 'Job has reached the specified backoff limit')
})

test('each index succeeds once; its pods know it', async () => {
  const { running, end, settle, current, pods } = setup(job('j', { completionMode: 'Indexed', completions: 4, parallelism: 2 }))
  await settle()
  const [first] = pods()
  assert.equal(first?.spec?.hostname, 'j-0')
  assert.equal(first?.metadata.labels?.['batch.kubernetes.io/job-completion-index'], '0')
  assert.deepEqual(first?.spec?.containers[0]?.env, [
    { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } } },
  ])
  for (let round = 0; round < 3; round++) {
    for (const pod of running()) end(pod, 'Succeeded')
    await settle()
  }
  assert.deepEqual([current().status?.completedIndexes, current().status?.succeeded], ['0-3', 4])
})

test('an index that fails too often fails alone, and the Job at its end', async () => {
  const { running, end, settle, current, conditions } = setup(
    job('j', { completionMode: 'Indexed', completions: 2, parallelism: 2, backoffLimitPerIndex: 0, backoffLimit: 100 }),
  )
  await settle()
  const [first, second] = running()
  end(first!, 'Failed')
  end(second!, 'Succeeded')
  await settle()
  assert.deepEqual([current().status?.failedIndexes, current().status?.completedIndexes], ['0', '1'])
  assert.deepEqual(conditions(), ['FailureTarget FailedIndexes', 'Failed FailedIndexes'])
})

test('a policy on failures fails the Job at once, or passes over a failure', async () => {
  const rules: NonNullable<NonNullable<Job['spec']>['podFailurePolicy']>['rules'] = [
    { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ]
  const { running, end, settle, current, conditions, fixture } = setup(
    job('j', { podFailurePolicy: { rules }, parallelism: 1, backoffLimit: 0 }),
  )
  await settle()
  end(running()[0]!, 'Failed', { conditions: [{ type: 'DisruptionTarget', status: 'True' }] })
  await settle(11_000)
  assert.deepEqual([conditions(), current().status?.failed ?? 0], [[], 0])
  const pod = running()[0]!
  end(pod, 'Failed', {
    containerStatuses: [{ name: 'c', restartCount: 0, ready: false, image: '', imageID: '', state: { terminated: { exitCode: 42 } } }],
  })
  await settle()
  assert.deepEqual(conditions(), ['FailureTarget PodFailurePolicy', 'Failed PodFailurePolicy'])
  assert.equal(
    fixture.events.at(-1)?.message,
    `Container c for pod a/${pod.metadata.name} failed with exit code 42 matching FailJob rule at index 0`,
  )
})

test('a policy on success ends the Job early', async () => {
  const { running, end, settle, conditions, pods, current } = setup(
    job('j', { completionMode: 'Indexed', completions: 3, parallelism: 3, successPolicy: { rules: [{ succeededIndexes: '1' }] } }),
  )
  await settle()
  end(running()[1]!, 'Succeeded')
  await settle()
  for (const pod of pods()) if (pod.metadata.deletionTimestamp) fixtureDrop(pod)
  await settle()
  assert.deepEqual(conditions().slice(0, 1), ['SuccessCriteriaMet SuccessPolicy'])
  assert.deepEqual([current().status?.completedIndexes, current().status?.failed ?? 0], ['1', 0])
  function fixtureDrop(pod: Pod): void {
    assert.ok(pod.metadata.deletionTimestamp)
  }
})

test('a deadline fails the Job when it passes', async () => {
  const { settle, conditions, current } = setup(job('j', { activeDeadlineSeconds: 30 }))
  await settle()
  assert.deepEqual(conditions(), [])
  await settle(31_000)
  assert.deepEqual(conditions()[0], 'FailureTarget DeadlineExceeded')
  assert.equal(current().status?.failed, 2)
})

test('a suspended Job has no pods, and its time begins anew when it goes on', async () => {
  const { fixture, pods, settle, current, conditions, clock } = setup(job('j'))
  await settle()
  change(fixture, current(), (copy) => {
    copy.spec!.suspend = true
    copy.metadata.generation = 2
  })
  await settle()
  assert.deepEqual([pods().length, conditions()], [0, ['Suspended JobSuspended']])
  clock.advance(60_000)
  change(fixture, current(), (copy) => {
    copy.spec!.suspend = false
    copy.metadata.generation = 3
  })
  await settle()
  assert.deepEqual([pods().length, conditions()], [2, ['Suspended JobResumed']])
  assert.ok(Date.parse(current().status?.startTime ?? '') >= Date.parse('2026-01-01T00:01:00Z'))
})

test('a Job managed by another is left alone', async () => {
  const { fixture, settle } = setup(job('j', { managedBy: 'example.com/other' }))
  await settle()
  assert.deepEqual(fixture.client.actions, [])
})

test('every success counts exactly once, whatever fails on the way and however often it starts anew', async () => {
  const step = fc.record({ ends: fc.nat(2), fails: fc.constantFrom('none', 'status', 'patch'), restarts: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      const clock = new FakeClock('2026-01-01T00:00:00Z')
      const objects: (Job | Pod)[] = [job('j', { completions: 5, parallelism: 3, template: template() })]
      let fixture = new ControllerFixture(jobControllers(clock)[0]!, { objects, clock })
      const ended = new Set<string>()
      const finish = (count: number) => {
        for (const pod of world(fixture, Pod)
          .filter(({ status }) => !status?.phase)
          .slice(0, count)) {
          ended.add(pod.metadata.uid ?? '')
          change(fixture, pod, (copy) => (copy.status = { phase: 'Succeeded' }))
        }
      }
      const settle = async () => {
        for (let attempt = 0; attempt < 5; attempt++) {
          try {
            await fixture.settle({ wait: 2000 })
            return
          } catch (error) {
            assert.match((error as Error).message, /planned/)
            fixture.enqueueAgain('a/j')
          }
        }
      }
      for (const { ends, fails, restarts } of steps) {
        await settle()
        finish(ends)
        if (fails === 'status') fixture.client.fail({ verb: 'update', kind: 'Job', error: errors.internal('planned'), times: 1 })
        if (fails === 'patch') fixture.client.fail({ verb: 'patch', kind: 'Pod', error: errors.internal('planned'), times: 1 })
        if (restarts) {
          const world = fixture.client.all()
          fixture = new ControllerFixture(jobControllers(clock)[0]!, { objects: world as (Job | Pod)[], clock })
        }
        await settle()
      }
      for (let round = 0; round < 6; round++) {
        await settle()
        finish(3)
      }
      await settle()
      const { status } = world(fixture, Job)[0]!
      assert.equal(status?.succeeded, 5)
      assert.equal(ended.size, 5)
      assert.equal(status?.conditions?.at(-1)?.type, 'Complete')
    }),
    { numRuns: 40 },
  )
})
