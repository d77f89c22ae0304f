import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'

export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  readonly kind: Kind
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** The new object, which `admit` may change in place; absent on DELETE. */
  readonly object?: KubernetesObject
  readonly oldObject?: KubernetesObject
  readonly options?: object
  readonly dryRun: boolean
  readonly user: UserInfo
  /** Adds a Warning header to the answer. */
  warn(text: string): void
}

/** One admission plug-in. Throws StatusError to refuse. All `admit`s run before validation, all `validate`s after it. */
export interface AdmissionPlugin {
  readonly name: string
  admit?(attributes: AdmissionAttributes): Promise<void> | void
  validate?(attributes: AdmissionAttributes): Promise<void> | void
}
