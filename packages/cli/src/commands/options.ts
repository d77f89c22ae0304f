import { InvalidArgumentError } from 'commander'

/** A TCP port; 0 takes a free one. */
export function portOption(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('it must be a port between 0 and 65535.')
  return port
}

export function countOption(text: string): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || count > 5_000) throw new InvalidArgumentError('it must be a number between 0 and 5000.')
  return count
}

/** Comma-separated values. */
export function listOption(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** A Go-style duration such as `1m30s`, in milliseconds. */
export function durationOption(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text)
    throw new InvalidArgumentError('it must be a duration such as 10s or 1m30s.')
  return parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] ?? ''] ?? 0), 0)
}
