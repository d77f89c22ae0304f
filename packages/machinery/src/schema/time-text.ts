import { quote } from '../text/quote.js'
import { formatTime, parseTime } from '../time/format-time.js'

/** An RFC 3339 text as upstream encodes metav1.Time: UTC, whole seconds. A text that is no time is returned as it is. */
export function canonicalTime(text: string): string {
  if (secondsInUtc.test(text)) return text
  const milliseconds = parseTime(text)
  return milliseconds === undefined ? text : formatTime(new Date(milliseconds))
}

/** An RFC 3339 text as upstream encodes metav1.MicroTime: UTC, six digits of a second. A text that is no time is returned as it is. */
export function canonicalMicroTime(text: string): string {
  if (microsecondsInUtc.test(text)) return text
  const milliseconds = parseTime(text)
  if (milliseconds === undefined) return text
  const fraction = (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(6, '0').slice(0, 6)
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.${fraction}Z`
}

/** Why `text` is no RFC 3339 time, in upstream's words; undefined when it is one. */
export function timeProblem(text: string): string | undefined {
  if (parseTime(text) !== undefined) return undefined
  if (!shape.test(text)) return unexpected(text)
  const [month, day, hour, minute, second] = [5, 8, 11, 14, 17].map((at) => Number(text.slice(at, at + 2))) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const range = (what: string): string => `parsing time ${quote(text)}: ${what} out of range`
  if (month < 1 || month > 12) return range('month')
  if (hour > 23) return range('hour')
  if (minute > 59) return range('minute')
  if (second > 59) return range('second')
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate()
  return range(day < 1 || day > daysInMonth ? 'day' : 'time zone offset hour')
}

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d)$/
const secondsInUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const microsecondsInUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

const steps: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d\d/, '01'],
  [/^-/, '-'],
  [/^\d\d/, '02'],
  [/^T/, 'T'],
  [/^\d\d/, '15'],
  [/^:/, ':'],
  [/^\d\d/, '04'],
  [/^:/, ':'],
  [/^\d\d([.,]\d+)?/, '05'],
  [/^(Z|[+-]\d\d:\d\d)/, 'Z07:00'],
]

function unexpected(text: string): string {
  let rest = text
  for (const [pattern, layout] of steps) {
    const match = pattern.exec(rest)
    if (!match) return `parsing time ${quote(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${quote(rest)} as "${layout}"`
    rest = rest.slice(match[0].length)
  }
  return `parsing time ${quote(text)}: extra text: ${quote(rest)}`
}
