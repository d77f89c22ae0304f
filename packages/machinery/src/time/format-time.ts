/** meta.v1 Time: RFC 3339 in UTC, whole seconds. */
export function formatTime(time: Date): string {
  const second = Math.floor(time.getTime() / 1000)
  if (second !== lastSecond) {
    lastText = `${time.toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastText
}

/** A busy server asks for the present second thousands of times. */
let lastSecond = Number.NaN
let lastText = ''

/** meta.v1 MicroTime: RFC 3339 in UTC with six digits. `micros` adds what a Date cannot hold, 0 to 999. */
export function formatMicroTime(time: Date, micros = 0): string {
  return `${time.toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`
}

/** Milliseconds since 1970 of an RFC 3339 time with any offset and fraction; undefined if it is not one. */
export function parseTime(text: string): number | undefined {
  const match = rfc3339.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const date = new Date(at)
  if (Number(year) < 100) date.setUTCFullYear(Number(year))
  const inRange =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60 &&
    Number(offsetHour) < 24 &&
    Number(offsetMinute) < 60
  if (!inRange) return undefined
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1)
  return date.getTime() + Math.floor(Number(`0.${fraction || '0'}`) * 1000) - offset
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/
