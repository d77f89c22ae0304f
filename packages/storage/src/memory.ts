import { MemoryBackend } from './engine/memory-backend.js'
import { RevisionedStore, type RevisionedStoreOptions } from './engine/revisioned-store.js'
import type { Store } from './store.js'

/** Opens an empty store that lives in memory and ends with the process: for tests and throw-away clusters. */
export function openMemoryStore(options: RevisionedStoreOptions = {}): Store {
  return new RevisionedStore(new MemoryBackend(), options)
}
