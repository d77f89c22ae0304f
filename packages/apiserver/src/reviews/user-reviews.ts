import { type UserInfo as ReviewedUser, SelfSubjectReview, TokenReview } from '@treeline/api'
import { aggregateMessages, errors, formatTime } from '@treeline/machinery'
import type { RequestAuthenticator } from '../authentication/attempt.js'
import { recognise } from '../authentication/authentication.js'
import type { UserInfo } from '../authentication/authenticator.js'
import { withAuthenticatedGroup } from '../authentication/identities.js'
import type { SubresourceHandler } from '../registry/subresource-handler.js'
import { recordAuthor } from './record-author.js'

const served = { group: 'authentication.k8s.io', subresource: '', verbs: ['create'] } as const

/** Whose token is this? `methods` are those of requests; `audiences` those of the API server. */
export function tokenReview(methods: readonly RequestAuthenticator[], audiences: readonly string[]): SubresourceHandler {
  return {
    ...served,
    resource: TokenReview.plural,
    async handle(call) {
      const review = await call.body(TokenReview)
      recordAuthor(call, TokenReview, review)
      await call.admit('CREATE', review)
      const { token = '', audiences: asked = [] } = review.spec
      if (token === '') throw errors.badRequest('token is required for TokenReview in authentication')
      await call.validate('CREATE', review)
      const headers = { authorization: `Bearer ${token}` }
      const wanted = asked.length > 0 ? asked : audiences
      const { identity, refusals } = await recognise(methods, { headers }, wanted)
      if (!identity) {
        const error = refusals.length > 0 ? { error: aggregateMessages(refusals) } : {}
        return { status: 201, object: { ...review, status: { user: {}, ...error } } }
      }
      const status = {
        authenticated: true,
        user: reviewed(withAuthenticatedGroup(identity.user)),
        audiences: [...(identity.audiences ?? wanted)],
      }
      return { status: 201, object: { ...review, status } }
    },
  }
}

/** Who am I? */
export const selfSubjectReview: SubresourceHandler = {
  ...served,
  resource: SelfSubjectReview.plural,
  async handle(call) {
    const review = await call.body(SelfSubjectReview)
    await call.admit('CREATE', review)
    await call.validate('CREATE', review)
    const metadata = { creationTimestamp: formatTime(new Date()) }
    const { kind, apiVersion } = review
    return { status: 201, object: { kind, apiVersion, metadata, status: { userInfo: reviewed(call.user) } } }
  },
}

const reviewed = ({ name, uid, groups, extra }: UserInfo): ReviewedUser => ({
  username: name,
  ...(uid ? { uid } : {}),
  ...(groups.length > 0 ? { groups: [...groups] } : {}),
  ...(extra && Object.keys(extra).length > 0
    ? { extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])) }
    : {}),
})
