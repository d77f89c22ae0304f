/** A wall clock: what a clock on a wall of some place shows. Months from 1, days of the week from 0 for Sunday. */
export interface WallTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly hour: number
  readonly minute: number
}

/** A time zone of the IANA database; without a name that of this process. Throws RangeError on a name there is none of. */
export class TimeZone {
  private readonly format: Intl.DateTimeFormat

  constructor(name: string | undefined) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** Milliseconds that its clocks are ahead of UTC at a time. */
  offsetAt(time: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of this.format.formatToParts(time)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000
  }

  wallAt(time: number): WallTime {
    const wall = new Date(time + this.offsetAt(time))
    return {
      year: wall.getUTCFullYear(),
      month: wall.getUTCMonth() + 1,
      day: wall.getUTCDate(),
      weekday: wall.getUTCDay(),
      hour: wall.getUTCHours(),
      minute: wall.getUTCMinutes(),
    }
  }

  /** The first time that is midnight of a day or, where the clocks skip it, just after. */
  midnight(year: number, month: number, day: number): number {
    const wall = Date.UTC(year, month - 1, day)
    const guess = wall - this.offsetAt(wall)
    const corrected = wall - this.offsetAt(guess)
    const earlier = Math.min(guess, corrected)
    return this.wallAt(earlier).day === new Date(wall).getUTCDate() ? earlier : Math.max(guess, corrected)
  }

  /** RFC 3339 with the zone's own offset. */
  formatTime(time: number): string {
    const offset = this.offsetAt(time)
    const local = new Date(time + offset).toISOString().slice(0, 19)
    if (offset === 0) return `${local}Z`
    const minutes = Math.abs(offset) / 60_000
    const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
    return `${local}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
  }
}
