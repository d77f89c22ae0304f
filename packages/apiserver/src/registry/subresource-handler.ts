import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import type { Exchange } from '../http/exchange.js'
import type { ApiInternals } from './internals.js'

/**
 * Serves one subresource that is not a mere view of the stored object (`pods/binding`, `pods/exec`,
 * `serviceaccounts/token`, `services/proxy`), or, with `subresource: ''`, a resource that is not stored at all
 * (SubjectAccessReview, TokenReview). Handlers are given to the server as a list and found by group, resource and
 * subresource. Authentication, authorization, limits and the deadline are done when a handler is called; admission is
 * the handler's own business, through `call.admit` and `call.validate`.
 */
export interface SubresourceHandler {
  readonly group: string
  /** Plural, such as `pods`. */
  readonly resource: string
  /** `''` for a resource without storage. */
  readonly subresource: string
  /** API verbs served; others answer 405. */
  readonly verbs: readonly string[]
  /**
   * Takes the request. An answer is encoded in the type the client asked for. A handler that writes to
   * `call.exchange.responder` itself (streams, proxies, upgrades) resolves with `undefined`, when it is done.
   */
  handle(call: SubresourceCall): Promise<SubresourceAnswer | undefined>
}

export interface SubresourceAnswer {
  /** HTTP status: 201 for what was created (reviews, bindings, tokens, evictions), else 200. */
  readonly status: number
  /** With apiVersion and kind. */
  readonly object: object
}

export interface SubresourceCall {
  readonly exchange: Exchange
  readonly internals: ApiInternals
  /** The parent's kind; for a resource without storage, its own. */
  readonly kind: Kind
  /** Empty for cluster-scoped resources. */
  readonly namespace: string
  /** Empty for resources without storage. */
  readonly name: string
  /** What follows the subresource in the path (`proxy`), without leading slash. */
  readonly rest: string
  readonly user: UserInfo
  /** API verb: `create` for POST, `get` for GET, … */
  readonly verb: string
  readonly query: URLSearchParams
  readonly dryRun: boolean
  /** `fieldManager` of the query, or the name taken from the User-Agent. */
  readonly fieldManager: string
  readonly signal: AbortSignal
  /**
   * Reads and decodes the body as `kind`: JSON or YAML, type and fieldValidation errors in upstream's words, normalised
   * and with schema defaults. Throws StatusError 400, 413, 415.
   */
  body<T extends object>(kind: Kind<T & KubernetesObject>): Promise<T>
  warn(text: string): void
  /** Runs the mutating admission plug-ins on `object`, which they may change. */
  admit(operation: 'CREATE' | 'UPDATE' | 'CONNECT', object: object, oldObject?: object): Promise<void>
  /** Runs the validating ones. */
  validate(operation: 'CREATE' | 'UPDATE' | 'CONNECT', object: object, oldObject?: object): Promise<void>
}
