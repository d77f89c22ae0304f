import { TimeZone } from './time-zone.js'

/** Times that come again and again. */
export interface Schedule {
  /** The first one after a time, in milliseconds; undefined if there is none in the next years. */
  next(after: number): number | undefined
}

interface Fields {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  /** A day must be in both sets where one of them is not restricted, in either where both are. */
  readonly eitherDay: boolean
}

interface FieldRule {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const rules = {
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  day: { name: 'day of month', min: 1, max: 31 },
  month: { name: 'month', min: 1, max: 12, names: months },
  weekday: { name: 'day of week', min: 0, max: 6, names: weekdays },
} satisfies Record<string, FieldRule>

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/**
 * Parses a cron schedule: five fields with lists, ranges, steps and names, a descriptor such as `@hourly`, or
 * `@every 1h30m`; `TZ=` or `CRON_TZ=` before it names the zone. Throws Error with what is wrong.
 */
export function parseSchedule(text: string, timeZone?: string): Schedule {
  const prefixed = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/s.exec(text.trim())
  const zone = new TimeZone(prefixed?.[1] ?? timeZone)
  const spec = prefixed?.[2]?.trim() ?? text.trim()
  if (spec === '') throw new Error('empty spec string')
  if (spec.startsWith('@every ')) return everyInterval(parseDuration(spec.slice('@every '.length)))
  const expanded = spec.startsWith('@') ? descriptors[spec] : spec
  if (expanded === undefined) throw new Error(`unrecognized descriptor: ${spec}`)
  const parts = expanded.split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts
  if (parts.length !== 5) throw new Error(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`)
  const fields: Fields = {
    minutes: parseField(minute, rules.minute),
    hours: parseField(hour, rules.hour),
    days: parseField(day, rules.day),
    months: parseField(month, rules.month),
    weekdays: parseField(weekday, rules.weekday),
    eitherDay: !isStar(day) && !isStar(weekday),
  }
  return { next: (after) => nextMatch(fields, zone, after) }
}

/** `*` and `?`, stepped or not, restrict no day. */
const isStar = (text: string) => text.split(',').some((part) => /^[*?](\/1)?$/.test(part))

function parseField(text: string, rule: FieldRule): Set<number> {
  const values = new Set<number>()
  for (const part of text.split(',')) for (const value of parseRange(part, rule)) values.add(value)
  return values
}

function parseRange(text: string, rule: FieldRule): number[] {
  const [range = '', stepText, ...more] = text.split('/')
  if (more.length > 0) throw new Error(`too many slashes: ${text}`)
  const step = stepText === undefined ? 1 : parseNumber(stepText, { ...rule, names: undefined }, text)
  if (step === 0) throw new Error(`step of range should be a positive number: ${text}`)
  const [low = '', high, ...rest] = range.split('-')
  if (rest.length > 0) throw new Error(`too many hyphens: ${text}`)
  const all = low === '*' || low === '?'
  if (all && high !== undefined) throw new Error(`failed to parse int from ${low}`)
  const first = all ? rule.min : parseNumber(low, rule, text)
  const last = all || (high === undefined && stepText !== undefined) ? rule.max : high === undefined ? first : parseNumber(high, rule, text)
  if (first < rule.min) throw new Error(`beginning of range (${first}) below minimum (${rule.min}): ${text}`)
  if (last > rule.max) throw new Error(`end of range (${last}) above maximum (${rule.max}): ${text}`)
  if (first > last) throw new Error(`beginning of range (${first}) beyond end of range (${last}): ${text}`)
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step)
}

function parseNumber(text: string, { names, min }: FieldRule, whole: string): number {
  const named = names?.indexOf(text.toLowerCase()) ?? -1
  if (named >= 0) return named + min
  if (!/^\d{1,9}$/.test(text)) throw new Error(`failed to parse int from ${text}: ${whole}`)
  return Number(text)
}

/** Years searched before a schedule is taken to have no more times, such as on 31 February. */
const yearsAhead = 5
const minute = 60_000
const hour = 60 * minute

function nextMatch(fields: Fields, zone: TimeZone, after: number): number | undefined {
  let time = Math.floor(after / minute) * minute + minute
  const lastYear = zone.wallAt(time).year + yearsAhead
  for (;;) {
    const wall = zone.wallAt(time)
    if (wall.year > lastYear) return undefined
    if (!fields.months.has(wall.month)) time = later(time, zone.midnight(wall.year, wall.month + 1, 1))
    else if (!dayMatches(fields, wall.day, wall.weekday)) time = later(time, zone.midnight(wall.year, wall.month, wall.day + 1))
    else if (!fields.hours.has(wall.hour)) time += hour - wall.minute * minute
    else if (!fields.minutes.has(wall.minute)) time += minute
    else return time
  }
}

/** Time goes on even where a zone's clocks are set back over midnight. */
const later = (time: number, next: number) => Math.max(time + minute, next)

function dayMatches({ days, weekdays: allowed, eitherDay }: Fields, day: number, weekday: number): boolean {
  const [byDay, byWeekday] = [days.has(day), allowed.has(weekday)]
  return eitherDay ? byDay || byWeekday : byDay && byWeekday
}

/** Counted from the last time, in whole seconds. */
function everyInterval(interval: number): Schedule {
  const whole = Math.max(1000, Math.floor(interval / 1000) * 1000)
  return { next: (after) => Math.floor(after / 1000) * 1000 + whole }
}

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: minute, h: hour }

/** `1h30m`, in milliseconds. */
function parseDuration(text: string): number {
  if (!/^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(text)) throw new Error(`failed to parse duration @every ${text}`)
  let total = 0
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) total += Number(number) * (units[unit ?? ''] ?? 0)
  return total
}
