import { it } from 'node:test'
import type { Store } from '../store.js'

/** What the contract suite needs of an engine. */
export interface StoreUnderTest {
  /** An empty store. */
  open(): Promise<Store>
  /** The store that was closed last, with its data; absent when nothing outlives a close. */
  reopen?(): Promise<Store>
}

/** A test on an empty store, which is closed afterwards. */
export function testOnStore(engine: StoreUnderTest, title: string, body: (store: Store) => Promise<void>): void {
  it(title, async () => {
    const store = await engine.open()
    try {
      await body(store)
    } finally {
      await store.close()
    }
  })
}

export function put(store: Store, key: string, expected: number, value: string) {
  return store.put(key, expected, Buffer.from(value))
}

export async function read(store: Store, key: string) {
  const entry = await store.get(key)
  return entry && { value: entry.value.toString(), created: entry.createRevision, modified: entry.modRevision }
}

export async function keys(store: Store, prefix: string, options: { start?: string } = {}): Promise<string[]> {
  return (await store.range({ prefix, ...options })).entries.map((entry) => entry.key)
}
