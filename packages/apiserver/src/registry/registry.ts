import type { AdmissionChain } from './admission-chain.js'
import type { OpenWatches } from './open-watches.js'
import type { ServedKinds } from './served-kinds.js'
import type { WriteHooks } from './write-hooks.js'

/** What every operation on objects works with. */
export interface Registry {
  readonly kinds: ServedKinds
  admission: AdmissionChain
  hooks: readonly WriteHooks[]
  readonly watches: OpenWatches
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
