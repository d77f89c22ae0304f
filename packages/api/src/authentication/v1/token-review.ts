import type { TypeTable } from '../../declaration/type-table.js'

export const tokenReviewTypes = {
  BoundObjectReference: {
    kind: ['string', 1],
    apiVersion: ['string', 2],
    name: ['string', 3],
    uid: ['string', 4],
  },
  SelfSubjectReview: {
    $: { object: true, about: 'Asks who is asking.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    status: ['SelfSubjectReviewStatus', 2],
  },
  SelfSubjectReviewStatus: {
    userInfo: ['UserInfo', 1],
  },
  TokenRequest: {
    $: { object: true, about: 'Asks for a token of a service account.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['TokenRequestSpec!', 2],
    status: ['TokenRequestStatus', 3],
  },
  TokenRequestSpec: {
    audiences: ['string[]!', 1],
    expirationSeconds: ['int64?', 4, { empty: 'encoded' }],
    boundObjectRef: ['BoundObjectReference?', 3, { empty: 'encoded' }],
  },
  TokenRequestStatus: {
    token: ['string!', 1],
    expirationTimestamp: ['Time!', 2],
  },
  TokenReview: {
    $: { object: true, about: 'Asks whose a token is.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['TokenReviewSpec!', 2],
    status: ['TokenReviewStatus', 3],
  },
  TokenReviewSpec: {
    token: ['string', 1],
    audiences: ['string[]', 2],
  },
  TokenReviewStatus: {
    authenticated: ['boolean', 1],
    user: ['UserInfo', 2],
    audiences: ['string[]', 4],
    error: ['string', 3],
  },
  UserInfo: {
    username: ['string', 1],
    uid: ['string', 2],
    groups: ['string[]', 3],
    extra: ['string[]{}', 4],
  },
} as const satisfies TypeTable
