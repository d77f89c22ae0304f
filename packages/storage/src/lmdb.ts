import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { RevisionedStore, type RevisionedStoreOptions } from './engine/revisioned-store.js'
import { lockDirectory } from './lmdb/directory-lock.js'
import { LmdbBackend } from './lmdb/lmdb-backend.js'
import type { Store } from './store.js'

export interface LmdbStoreOptions extends RevisionedStoreOptions {
  /** Where the data lies; made if it does not exist, readable by its owner only. */
  readonly directory: string
}

/** Opens the store in a directory, which it then holds until it is closed. Throws DirectoryLockedError. */
export function openLmdbStore({ directory, ...options }: LmdbStoreOptions): Store {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const unlock = lockDirectory(directory)
  try {
    const backend = new LmdbBackend(directory)
    syncDirectory(directory)
    return new OwnedStore(backend, options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

class OwnedStore extends RevisionedStore {
  readonly #unlock: () => void

  constructor(backend: LmdbBackend, options: RevisionedStoreOptions, unlock: () => void) {
    super(backend, options)
    this.#unlock = unlock
  }

  override async close(): Promise<void> {
    await super.close()
    this.#unlock()
  }
}

/** Makes the names of new files as durable as their contents will be. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
