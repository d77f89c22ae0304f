import { testRetention } from './retention-contract.js'
import type { StoreUnderTest } from './store-under-test.js'
import { testWatches } from './watch-contract.js'
import { testWritesAndReads } from './write-and-read-contract.js'

/** Registers the tests that every engine must pass. */
export function testStoreContract(name: string, engine: StoreUnderTest): void {
  testWritesAndReads(name, engine)
  testWatches(name, engine)
  testRetention(name, engine)
}
