import type { AdmissionChain } from './admission-chain.js'
import type { ServedKinds } from './served-kinds.js'
import type { WriteHooks } from './write-hooks.js'

/** What every operation on objects works with. */
export interface Registry {
  readonly kinds: ServedKinds
  admission: AdmissionChain
  hooks: readonly WriteHooks[]
  /** The watches that are open, to be ended when the server closes. */
  readonly watches: Set<{ stop(): void }>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
