import type { RequestAuthenticator } from '../authentication/attempt.js'
import type { ServiceAccountIssuer } from '../authentication/service-account-issuer.js'
import type { Authorizer } from '../authorization/authorizer.js'
import type { RoleRules } from '../authorization/role-rules.js'
import type { SubresourceHandler } from '../registry/subresource-handler.js'
import { localSubjectAccessReview, selfSubjectAccessReview, subjectAccessReview } from '../reviews/access-reviews.js'
import { selfSubjectRulesReview } from '../reviews/rules-review.js'
import { selfSubjectReview, tokenReview } from '../reviews/user-reviews.js'
import { legacyBinding, podBinding } from './binding.js'
import { podEviction } from './eviction.js'
import { objectProxies } from './object-proxies.js'
import { podLog } from './pod-log.js'
import { podStreams } from './pod-streams.js'
import type { AddressRule } from './proxy/addresses.js'
import type { Backends } from './proxy/backend.js'
import type { KubeletAccess } from './proxy/kubelet.js'
import { serviceAccountToken } from './token-request.js'

export interface SubresourceDependencies {
  readonly authorizer: Authorizer
  readonly roleRules: RoleRules
  /** As requests are authenticated, for TokenReview. */
  readonly methods: readonly RequestAuthenticator[]
  readonly issuer: ServiceAccountIssuer
  readonly backends: Backends
  readonly kubelets: KubeletAccess
  readonly mayReach: AddressRule
  readonly now: () => number
}

/** Every subresource that is no mere view of a stored object, and every resource that is not stored. */
export function allSubresources(dependencies: SubresourceDependencies): readonly SubresourceHandler[] {
  const { authorizer, roleRules, methods, issuer, backends, kubelets, mayReach, now } = dependencies
  return [
    selfSubjectAccessReview(authorizer),
    subjectAccessReview(authorizer),
    localSubjectAccessReview(authorizer),
    selfSubjectRulesReview(roleRules),
    tokenReview(methods, issuer.audiences),
    selfSubjectReview,
    serviceAccountToken(issuer, now),
    podBinding(now),
    legacyBinding(now),
    podEviction(now),
    podLog(backends, kubelets),
    ...podStreams(authorizer, kubelets),
    ...objectProxies(backends, kubelets, mayReach),
  ]
}
