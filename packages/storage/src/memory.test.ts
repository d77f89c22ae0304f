import { openMemoryStore } from './memory.js'
import { testStoreContract } from './testing/store-contract.js'

testStoreContract('memory', { open: async () => openMemoryStore() })
