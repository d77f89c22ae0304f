import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CronJob, Job } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { change, template, world } from '../testing/objects.js'
import { cronJobController } from './index.js'

function setup(spec: Partial<NonNullable<CronJob['spec']>> = {}) {
  const clock = new FakeClock('2026-01-01T00:00:10Z')
  const cronJob: CronJob = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { namespace: 'a', name: 'c', uid: 'uid of c', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Allow',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { metadata: { labels: { l: 'x' }, annotations: { n: 'y' } }, spec: { template: template() } },
      ...spec,
    },
  }
  const fixture = new ControllerFixture(cronJobController(), { objects: [cronJob], clock })
  const jobs = () => world(fixture, Job)
  const current = () => world(fixture, CronJob)[0]!
  const finish = (job: Job, type: 'Complete' | 'Failed') =>
    change(fixture, job, (copy) => {
      const time = new Date(clock.now()).toISOString().slice(0, 19)
      copy.status = {
        startTime: `${time}Z`,
        conditions: [{ type, status: 'True' }],
        ...(type === 'Complete' && { completionTime: `${time}Z` }),
      }
    })
  const pass = (minutes: number) => fixture.settle({ wait: minutes * 60_000 })
  const told = () => fixture.events.splice(0).map(({ reason, message }) => `${reason}: ${message}`)
  return { fixture, clock, jobs, current, finish, pass, told }
}

test('a Job is made when its time has come, named and annotated by it', async () => {
  const { jobs, current, pass, told } = setup({ timeZone: 'Asia/Kolkata' })
  await pass(4)
  assert.equal(jobs().length, 0)
  await pass(1)
  const [job] = jobs()
  assert.equal(job?.metadata.name, `c-${Date.parse('2026-01-01T00:05:00Z') / 60_000}`)
  assert.deepEqual(job?.metadata.annotations, { n: 'y', 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T05:35:00+05:30' })
  assert.deepEqual(job?.metadata.labels, { l: 'x' })
  assert.deepEqual([current().status?.lastScheduleTime, current().status?.active?.length], ['2026-01-01T00:05:00Z', 1])
  assert.deepEqual(told(), [`SuccessfulCreate: Created job ${job?.metadata.name}`])
})

test('what has ended is taken off the list, and only so much history is kept', async () => {
  const { jobs, current, pass, finish, told } = setup({ successfulJobsHistoryLimit: 1 })
  for (let round = 0; round < 3; round++) {
    await pass(5)
    finish(jobs().at(-1)!, 'Complete')
    await pass(0)
  }
  assert.equal(jobs().length, 1)
  assert.deepEqual([current().status?.active, current().status?.lastSuccessfulTime], [[], '2026-01-01T00:15:10Z'])
  assert.ok(told().some((event) => /^SawCompletedJob: Saw completed job: c-\d+, condition: Complete$/.test(event)))
})

test('Forbid makes none while one runs', async () => {
  const { jobs, pass, told } = setup({ concurrencyPolicy: 'Forbid' })
  await pass(12)
  assert.equal(jobs().length, 1)
  assert.ok(told().includes('JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid'))
})

test('Replace deletes the one that runs', async () => {
  const { jobs, current, pass } = setup({ concurrencyPolicy: 'Replace' })
  await pass(12)
  assert.deepEqual([jobs().length, current().status?.active?.length], [1, 1])
  assert.equal(jobs()[0]?.metadata.name, `c-${Date.parse('2026-01-01T00:10:00Z') / 60_000}`)
})

test('a start missed by more than the deadline is not made up for', async () => {
  const { jobs, clock, fixture, told } = setup({ startingDeadlineSeconds: 10 })
  clock.advance(20 * 60_000)
  await fixture.settle()
  assert.deepEqual([jobs().length, told()], [0, []])
})

test('after a long stop the newest missed start is made up for, and that is told', async () => {
  const { jobs, clock, fixture, told } = setup()
  clock.advance(24 * 3_600_000)
  await fixture.settle()
  assert.equal(jobs().length, 1)
  assert.match(told()[0] ?? '', /^TooManyMissedTimes: too many missed start times/)
})

test('while suspended nothing is made', async () => {
  const { jobs, pass } = setup({ suspend: true })
  await pass(20)
  assert.equal(jobs().length, 0)
})

test('a Job that went away is told of', async () => {
  const { fixture, jobs, pass, told, current } = setup()
  await pass(5)
  told()
  fixture.client.drop(jobs()[0]!)
  await pass(0)
  assert.match(told()[0] ?? '', /^MissingJob: Active job went missing: c-/)
  assert.deepEqual(current().status?.active, [])
})

test('a schedule or zone that cannot be read is told of', async () => {
  for (const [spec, expected] of [
    [{ schedule: 'x' }, /^UnparseableSchedule: unparseable schedule: "x" : expected exactly 5 fields/],
    [{ timeZone: 'Mars' }, /^UnknownTimeZone: invalid timeZone: "Mars"/],
  ] as const) {
    const { fixture, told } = setup(spec)
    await fixture.settle()
    assert.match(told()[0] ?? '', expected)
  }
})
