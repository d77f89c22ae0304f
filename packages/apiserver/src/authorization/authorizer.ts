import type { UserInfo } from '../authentication/authenticator.js'

/** What is asked for. Either a resource or a path. */
export interface AuthorizationAttributes {
  readonly user: UserInfo
  /** API verb (`get`, `list`, `deletecollection`, …), or the lower-case HTTP method of a non-resource path. */
  readonly verb: string
  readonly path?: string
  readonly group?: string
  readonly version?: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

export interface Decision {
  readonly decision: 'Allow' | 'Deny' | 'NoOpinion'
  /** For the end of the 403 message and the audit annotation. */
  readonly reason: string
}

export interface Authorizer {
  authorize(attributes: AuthorizationAttributes): Promise<Decision> | Decision
}
