import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const largest = 10 * 1024 * 1024

/** What components have to say beyond the terminal: `cluster.log` in the data directory, and the file before it. */
export interface LogFile {
  readonly path: string
  write(line: string): void
  close(): void
}

/** Lines are written at once, so that they are there after a crash; at 10 MiB a new file begins. */
export function openLogFile(directory: string): LogFile {
  const path = join(directory, 'cluster.log')
  let file: number | undefined = openSync(path, 'a', 0o600)
  let size = fstatSync(file).size
  return {
    path,
    write(line) {
      if (file === undefined) return
      if (size > largest) {
        closeSync(file)
        renameSync(path, `${path}.1`)
        file = openSync(path, 'a', 0o600)
        size = 0
      }
      size += writeSync(file, `${new Date().toISOString()} ${line}\n`)
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
