import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatMicroTime, formatTime, parseTime } from './format-time.js'
import { humanDuration, shortHumanDuration } from './human-duration.js'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const durations: readonly (readonly [milliseconds: number, human: string, short: string])[] = [
  [0, '0s', '0s'],
  [-1500, '0s', '0s'],
  [-2000, '<invalid>', '<invalid>'],
  [5 * second + 999, '5s', '5s'],
  [119 * second, '119s', '1m'],
  [2 * minute, '2m', '2m'],
  [3 * minute + 10 * second, '3m10s', '3m'],
  [10 * minute + 30 * second, '10m', '10m'],
  [179 * minute, '179m', '2h'],
  [3 * hour, '3h', '3h'],
  [3 * hour + 5 * minute, '3h5m', '3h'],
  [8 * hour + 5 * minute, '8h', '8h'],
  [47 * hour, '47h', '1d'],
  [2 * day, '2d', '2d'],
  [2 * day + 5 * hour, '2d5h', '2d'],
  [8 * day + 5 * hour, '8d', '8d'],
  [400 * day, '400d', '1y'],
  [2 * 365 * day, '2y', '2y'],
  [3 * 365 * day + 4 * day, '3y4d', '3y'],
  [9 * 365 * day + 4 * day, '9y', '9y'],
]

const times: readonly (readonly [text: string, milliseconds: number | undefined])[] = [
  ['1970-01-01T00:00:00Z', 0],
  ['2024-02-29T12:30:45Z', Date.UTC(2024, 1, 29, 12, 30, 45)],
  ['2024-02-29T12:30:45.123456Z', Date.UTC(2024, 1, 29, 12, 30, 45, 123)],
  ['2024-01-01T01:00:00+01:00', Date.UTC(2024, 0, 1)],
  ['2023-12-31T22:30:00-01:30', Date.UTC(2024, 0, 1)],
  ['2023-02-29T00:00:00Z', undefined],
  ['2024-01-01T24:00:00Z', undefined],
  ['2024-01-01', undefined],
  ['2024-01-01 00:00:00Z', undefined],
  ['', undefined],
]

describe('times', () => {
  for (const [milliseconds, human, short] of durations) {
    test(`${milliseconds} ms is ${human}`, () => {
      assert.equal(humanDuration(milliseconds), human)
      assert.equal(shortHumanDuration(milliseconds), short)
    })
  }
  for (const [text, milliseconds] of times) test(`parses ${JSON.stringify(text)}`, () => assert.equal(parseTime(text), milliseconds))

  test('formats seconds and microseconds', () => {
    const time = new Date(Date.UTC(2024, 0, 2, 3, 4, 5, 6))
    assert.equal(formatTime(time), '2024-01-02T03:04:05Z')
    assert.equal(formatMicroTime(time), '2024-01-02T03:04:05.006000Z')
    assert.equal(formatMicroTime(time, 7), '2024-01-02T03:04:05.006007Z')
  })

  test('what is formatted parses back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        (date) => {
          assert.equal(parseTime(formatMicroTime(date)), date.getTime())
          assert.equal(parseTime(formatTime(date)), Math.floor(date.getTime() / 1000) * 1000)
        },
      ),
    )
  })
})
