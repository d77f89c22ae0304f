import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CronJob } from '@treeline/api'
import fc from 'fast-check'
import { dueStart, untilNext } from './due-times.js'
import { parseSchedule } from './schedule.js'
import { TimeZone } from './time-zone.js'

const at = (text: string) => Date.parse(text)
const nextOf = (schedule: string, after: string, zone?: string, count = 1) => {
  const parsed = parseSchedule(schedule, zone ?? 'UTC')
  const times: string[] = []
  for (let time = parsed.next(at(after)); time !== undefined && times.length < count; time = parsed.next(time))
    times.push(new Date(time).toISOString().slice(0, 16))
  return times
}

const cases: readonly [string, string, string][] = [
  ['* * * * *', '2026-01-01T00:00:30Z', '2026-01-01T00:01'],
  ['*/15 * * * *', '2026-01-01T00:46:00Z', '2026-01-01T01:00'],
  ['0 9-17/4 * * MON-FRI', '2026-01-02T18:00:00Z', '2026-01-05T09:00'],
  ['30 4 1,15 * 5', '2026-01-01T05:00:00Z', '2026-01-02T04:30'],
  ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00'],
  ['0 0 1 jan ?', '2026-01-01T00:00:00Z', '2027-01-01T00:00'],
  ['5/20 * * * *', '2026-01-01T00:26:00Z', '2026-01-01T00:45'],
  ['@hourly', '2026-01-01T00:00:00Z', '2026-01-01T01:00'],
  ['@weekly', '2026-01-01T00:00:00Z', '2026-01-04T00:00'],
  ['@every 1h30m', '2026-01-01T00:10:00Z', '2026-01-01T01:40'],
  ['TZ=Asia/Kolkata 0 0 * * *', '2026-01-01T00:00:00Z', '2026-01-01T18:30'],
]

for (const [schedule, after, expected] of cases) {
  test(`${schedule} after ${after} is ${expected}`, () => assert.deepEqual(nextOf(schedule, after), [expected]))
}

test('a schedule that never comes has no next time', () => assert.deepEqual(nextOf('0 0 31 2 *', '2026-01-01T00:00:00Z'), []))

test('times that the clocks skip are left out, those they repeat come twice', () => {
  assert.deepEqual(nextOf('30 2 * * *', '2026-03-07T12:00:00Z', 'America/New_York', 2), ['2026-03-09T06:30', '2026-03-10T06:30'])
  assert.deepEqual(nextOf('30 1 * * *', '2026-11-01T00:00:00Z', 'America/New_York', 3), [
    '2026-11-01T05:30',
    '2026-11-01T06:30',
    '2026-11-02T06:30',
  ])
})

test('what is malformed is said to be', () => {
  const wrong: readonly [string, RegExp][] = [
    ['', /empty spec string/],
    ['* * * *', /expected exactly 5 fields, found 4/],
    ['60 * * * *', /end of range \(60\) above maximum \(59\)/],
    ['* * 0 * *', /beginning of range \(0\) below minimum \(1\)/],
    ['5-1 * * * *', /beyond end of range/],
    ['*/0 * * * *', /step of range should be a positive number/],
    ['x * * * *', /failed to parse int from x/],
    ['1/2/3 * * * *', /too many slashes/],
    ['@often', /unrecognized descriptor/],
    ['@every x', /failed to parse duration/],
  ]
  for (const [text, message] of wrong) assert.throws(() => parseSchedule(text, 'UTC'), message)
  assert.throws(() => parseSchedule('* * * * *', 'Mars/Olympus'), RangeError)
})

test('the next time is the first minute that all fields admit', () => {
  const list = (min: number, max: number) =>
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => values.join(','))
  const field = (min: number, max: number) => fc.oneof(fc.constant('*'), list(min, max))
  fc.assert(
    fc.property(
      field(0, 59),
      field(0, 23),
      field(1, 31),
      field(0, 6),
      fc.integer({ min: at('2026-01-01'), max: at('2026-06-01') }),
      (minute, hour, day, weekday, after) => {
        const admits = (text: string, value: number) => text === '*' || text.split(',').map(Number).includes(value)
        const brute = () => {
          for (let time = Math.floor(after / 60_000) * 60_000 + 60_000; time < after + 70 * 86_400_000; time += 60_000) {
            const date = new Date(time)
            if (!admits(minute, date.getUTCMinutes()) || !admits(hour, date.getUTCHours())) continue
            const [byDay, byWeekday] = [admits(day, date.getUTCDate()), admits(weekday, date.getUTCDay())]
            if (day === '*' || weekday === '*' ? byDay && byWeekday : byDay || byWeekday) return time
          }
          return undefined
        }
        const expected = brute()
        if (expected !== undefined) assert.equal(parseSchedule(`${minute} ${hour} ${day} * ${weekday}`, 'UTC').next(after), expected)
      },
    ),
    { numRuns: 60 },
  )
})

test('a time is written with the offset of its zone', () => {
  assert.equal(new TimeZone('Asia/Kolkata').formatTime(at('2026-01-01T00:00:00Z')), '2026-01-01T05:30:00+05:30')
  assert.equal(new TimeZone('America/New_York').formatTime(at('2026-01-01T00:00:00Z')), '2025-12-31T19:00:00-05:00')
  assert.equal(new TimeZone('UTC').formatTime(at('2026-01-01T00:00:00Z')), '2026-01-01T00:00:00Z')
})

test('of starts that were missed only the newest is due, however many they are', () => {
  const cronJob = (lastScheduleTime: string, startingDeadlineSeconds?: number): CronJob => ({
    metadata: { creationTimestamp: '2025-01-01T00:00:00Z' },
    spec: { schedule: '', startingDeadlineSeconds, jobTemplate: { spec: { template: {} } } },
    status: { lastScheduleTime },
  })
  const schedule = parseSchedule('*/5 * * * *', 'UTC')
  const now = at('2026-01-01T00:12:00Z')
  assert.equal(dueStart(cronJob('2026-01-01T00:10:00Z'), schedule, now), undefined)
  assert.deepEqual(dueStart(cronJob('2026-01-01T00:00:00Z'), schedule, now), { time: at('2026-01-01T00:10:00Z'), missed: 2 })
  assert.deepEqual(dueStart(cronJob('2025-06-01T00:00:00Z'), schedule, now), { time: at('2026-01-01T00:10:00Z'), missed: 101 })
  assert.equal(dueStart(cronJob('2026-01-01T00:00:00Z', 60), schedule, now), undefined)
  assert.equal(untilNext(schedule, now), 180_100)
})
