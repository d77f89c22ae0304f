/** One line of a log file in CRI form: `<time> <stdout|stderr> <F|P> <text>`. */
export interface LogRecord {
  readonly time: string
  readonly stream: string
  /** The rest of the line follows in the next record of the same stream. */
  readonly partial: boolean
  readonly text: Buffer
}

const space = 0x20

/** Undefined for a line that is not of that form. `line` has no newline at its end. */
export function parseLogRecord(line: Buffer): LogRecord | undefined {
  const first = line.indexOf(space)
  const second = line.indexOf(space, first + 1)
  const third = line.indexOf(space, second + 1)
  if (first < 20 || second < 0 || third < 0) return undefined
  const stream = line.toString('latin1', first + 1, second)
  if (stream !== 'stdout' && stream !== 'stderr') return undefined
  const tag = line.toString('latin1', second + 1, third)
  return {
    time: line.toString('latin1', 0, first),
    stream,
    partial: tag.split(':')[0] === 'P',
    text: line.subarray(third + 1),
  }
}

/** Whether a record, seen from its beginning, ends a line of its stream. */
export function endsLine(line: Buffer): boolean {
  return parseLogRecord(line)?.partial !== true
}
