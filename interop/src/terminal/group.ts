import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/**
 * A session of kubectl command lines, as data. Played against two servers it gives two lists of answers, which must be
 * equal. Each group has a namespace of its own, which is the current one, and a directory of its own.
 */
export interface Group {
  readonly name: string
  /** Files of the directory that the lines run in. */
  readonly files?: Readonly<Record<string, string>>
  readonly lines: readonly (string | Line)[]
}

export interface Line {
  /** Arguments after `kubectl`, quoted as in a shell. */
  readonly run: string
  /** What goes to standard input. */
  readonly input?: string
  /** Environment of this line, such as KUBE_EDITOR. */
  readonly env?: Readonly<Record<string, string>>
  /** Run it again until its standard output, trimmed, is this: what controllers do takes a moment. */
  readonly until?: string
  /** Only lines of standard output that match are compared: texts for readers are each server's own. */
  readonly keep?: string
  /** The order of output lines is not a fact. */
  readonly unordered?: boolean
}

/** What a terminal showed, normalised. */
export interface TerminalAnswer {
  readonly code: number
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
}

export const lineOf = (line: string | Line): Line => (typeof line === 'string' ? { run: line } : line)

export const readGroups = (file: string | URL): Group[] => parse(readFileSync(file, 'utf8')) as Group[]
