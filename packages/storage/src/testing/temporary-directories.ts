import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new directory for a test file; everything made is removed at the end. */
export class TemporaryDirectories {
  readonly #made: string[] = []

  make(): string {
    const directory = mkdtempSync(join(tmpdir(), 'treeline-storage-'))
    this.#made.push(directory)
    return directory
  }

  remove(): void {
    for (const directory of this.#made.splice(0)) rmSync(directory, { recursive: true, force: true })
  }
}
