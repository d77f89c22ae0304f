import type { UserInfo } from '../authentication/authenticator.js'

/** Who writes, and how. */
export interface WriteContext {
  readonly user: UserInfo
  readonly dryRun: boolean
  /** Name under which the write is recorded in managedFields. */
  readonly fieldManager: string
  readonly subresource: string
  /** The CreateOptions, UpdateOptions, PatchOptions or DeleteOptions, for admission. */
  readonly options: object
  /** Adds a Warning header to the answer. */
  readonly warn: (text: string) => void
}
