import { quote } from '@treeline/machinery'
/**
 * Schedules of CronJobs: `minute hour day-of-month month day-of-week`, each a list of `*`, numbers, names and ranges
 * with steps; or `@hourly` and the like; or `@every 1h30m`. A time zone may stand in front, as `TZ=` or `CRON_TZ=`.
 */
export type CronSchedule = CronFields | CronInterval

/** When each field has one of these values. A day matches by either of its fields when both are restricted. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly daysOfMonth: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly daysOfWeek: ReadonlySet<number>
  readonly anyDayOfMonth: boolean
  readonly anyDayOfWeek: boolean
  readonly timeZone?: string
}

/** Again and again after so much time. */
export interface CronInterval {
  readonly everyMilliseconds: number
}

/** A schedule that cannot be read, in the words upstream has for it. */
export class CronError extends Error {
  override readonly name = 'CronError'
}

/** Reads a schedule. Throws CronError. */
export function parseCronSchedule(text: string): CronSchedule {
  if (text === '') throw new CronError('empty spec string')
  const { timeZone, rest } = splitTimeZone(text)
  if (rest.startsWith('@')) return parseDescriptor(rest, timeZone)
  return { ...parseFields(rest), ...(timeZone !== undefined && { timeZone }) }
}

function splitTimeZone(text: string): { timeZone?: string; rest: string } {
  if (!text.startsWith('TZ=') && !text.startsWith('CRON_TZ=')) return { rest: text }
  const space = text.indexOf(' ')
  const from = text.indexOf('=') + 1
  if (space < 0) throw new CronError('invalid schedule format: runtime error: slice bounds out of range [:-1]')
  const timeZone = text.slice(from, space)
  const problem = timeZoneProblem(timeZone)
  if (problem) throw new CronError(`provided bad location ${timeZone}: ${problem}`)
  return { timeZone, rest: text.slice(space).trim() }
}

/** Why a name is no time zone; the empty name is UTC. */
export function timeZoneProblem(name: string): string | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return undefined
  } catch {
    return `unknown time zone ${name}`
  }
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const every = '@every '

function parseDescriptor(text: string, timeZone: string | undefined): CronSchedule {
  const fields = Object.hasOwn(descriptors, text) ? descriptors[text] : undefined
  if (fields !== undefined) return { ...parseFields(fields), ...(timeZone !== undefined && { timeZone }) }
  if (!text.startsWith(every)) throw new CronError(`unrecognized descriptor: ${text}`)
  const milliseconds = parseDuration(text.slice(every.length))
  if (milliseconds === undefined) {
    const duration = text.slice(every.length)
    throw new CronError(`failed to parse duration ${text}: time: invalid duration ${quote(duration)}`)
  }
  // Whole seconds, and at least one.
  return { everyMilliseconds: Math.max(1000, Math.trunc(milliseconds / 1000) * 1000) }
}

const unitMilliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (unitMilliseconds[unit] ?? 0)
  }
  return text.startsWith('-') ? -total : total
}

interface Bounds {
  readonly minimum: number
  readonly maximum: number
  readonly names?: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const bounds = [
  { minimum: 0, maximum: 59 },
  { minimum: 0, maximum: 23 },
  { minimum: 1, maximum: 31 },
  { minimum: 1, maximum: 12, names: months },
  { minimum: 0, maximum: 6, names: days },
] as const satisfies readonly Bounds[]

function parseFields(text: string): CronFields {
  const fields = text.split(/[\s\u0085\u00a0]+/).filter((field) => field !== '')
  if (fields.length !== bounds.length) {
    throw new CronError(`expected exactly ${bounds.length} fields, found ${fields.length}: [${fields.join(' ')}]`)
  }
  const [minutes, hours, daysOfMonth, monthsOfYear, daysOfWeek] = bounds.map((bound, index) => parseField(fields[index] ?? '', bound))
  const none = { values: new Set<number>(), any: false }
  return {
    minutes: (minutes ?? none).values,
    hours: (hours ?? none).values,
    daysOfMonth: (daysOfMonth ?? none).values,
    months: (monthsOfYear ?? none).values,
    daysOfWeek: (daysOfWeek ?? none).values,
    anyDayOfMonth: (daysOfMonth ?? none).any,
    anyDayOfWeek: (daysOfWeek ?? none).any,
  }
}

interface ParsedField {
  readonly values: Set<number>
  /** A star without a step is among its parts. */
  any: boolean
}

function parseField(text: string, bound: Bounds): ParsedField {
  const field: ParsedField = { values: new Set(), any: false }
  for (const part of text.split(',').filter((piece) => piece !== '')) addRange(field, part, bound)
  return field
}

function addRange(field: ParsedField, part: string, bound: Bounds): void {
  const [range = '', stepText, ...moreSteps] = part.split('/')
  const [low = '', high, ...moreHyphens] = range.split('-')
  const star = low === '*' || low === '?'
  const start = star ? bound.minimum : parseValue(low, bound)
  if (!star && moreHyphens.length > 0) throw new CronError(`too many hyphens: ${part}`)
  let end = star ? bound.maximum : high === undefined ? start : parseValue(high, bound)
  if (moreSteps.length > 0) throw new CronError(`too many slashes: ${part}`)
  const step = stepText === undefined ? 1 : parseNumber(stepText)
  if (stepText !== undefined && high === undefined) end = bound.maximum
  if (start < bound.minimum) throw new CronError(`beginning of range (${start}) below minimum (${bound.minimum}): ${part}`)
  if (end > bound.maximum) throw new CronError(`end of range (${end}) above maximum (${bound.maximum}): ${part}`)
  if (start > end) throw new CronError(`beginning of range (${start}) beyond end of range (${end}): ${part}`)
  if (step === 0) throw new CronError(`step of range should be a positive number: ${part}`)
  for (let value = start; value <= end; value += step) field.values.add(value)
  if (star && step <= 1) field.any = true
}

function parseValue(text: string, { minimum, names }: Bounds): number {
  const index = names?.indexOf(text.toLowerCase()) ?? -1
  return index >= 0 ? index + minimum : parseNumber(text)
}

function parseNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) {
    throw new CronError(`failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: invalid syntax`)
  }
  const number = Number(text)
  if (!Number.isSafeInteger(number)) {
    throw new CronError(`failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: value out of range`)
  }
  if (number < 0) throw new CronError(`negative number (${number}) not allowed: ${text}`)
  return number
}
