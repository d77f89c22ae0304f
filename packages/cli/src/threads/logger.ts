import type { Logger } from '@treeline/client'

/** A logger that makes one line of each warning and error. */
export function threadLogger(write: (line: string) => void): Logger {
  const line = (message: string, fields?: object): string => {
    const details = fields
      ? Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      : []
    return [message, ...details].join(' ')
  }
  return {
    // what went as it should is told by events and metrics
    info: () => undefined,
    warn: (message, fields) => write(line(message, fields)),
    error: (message, fields) => write(line(message, fields)),
  }
}
