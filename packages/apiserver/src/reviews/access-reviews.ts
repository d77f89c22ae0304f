import {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SubjectAccessReview,
  type SubjectAccessReviewSpec,
  type SubjectAccessReviewStatus,
} from '@treeline/api'
import { errors, type FieldError, FieldPath, fieldErrors } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import type { Authorizer } from '../authorization/authorizer.js'
import type { SubresourceHandler } from '../registry/subresource-handler.js'
import { type AccessQuestion, attributesOfQuestion, metadataProblems, questionProblems, selectorProblems } from './access-review-spec.js'
import { recordAuthor } from './record-author.js'

const group = 'authorization.k8s.io'
const served = { group, subresource: '', verbs: ['create'] } as const

/** May I? */
export function selfSubjectAccessReview(authorizer: Authorizer): SubresourceHandler {
  return {
    ...served,
    resource: SelfSubjectAccessReview.plural,
    async handle(call) {
      const review = await call.body(SelfSubjectAccessReview)
      recordAuthor(call, SelfSubjectAccessReview, review)
      await call.admit('CREATE', review)
      refuse([...questionProblems(review.spec), ...selectorProblems(review.spec), ...metadataProblems(review)])
      await call.validate('CREATE', review)
      return { status: 201, object: { ...review, status: await answer(authorizer, call.user, review.spec) } }
    },
  }
}

/** May this user? */
export function subjectAccessReview(authorizer: Authorizer): SubresourceHandler {
  return {
    ...served,
    resource: SubjectAccessReview.plural,
    async handle(call) {
      const review = await call.body(SubjectAccessReview)
      recordAuthor(call, SubjectAccessReview, review)
      await call.admit('CREATE', review)
      refuse([...specProblems(review.spec), ...metadataProblems(review)])
      await call.validate('CREATE', review)
      return { status: 201, object: { ...review, status: await answer(authorizer, subjectOf(review.spec), review.spec) } }
    },
  }
}

/** May this user, in this namespace? */
export function localSubjectAccessReview(authorizer: Authorizer): SubresourceHandler {
  return {
    ...served,
    resource: LocalSubjectAccessReview.plural,
    async handle(call) {
      const review = await call.body(LocalSubjectAccessReview)
      review.metadata.namespace ||= call.namespace
      if (review.metadata.namespace !== call.namespace) {
        throw errors.badRequest('the namespace of the provided object does not match the namespace sent on the request')
      }
      recordAuthor(call, LocalSubjectAccessReview, review)
      await call.admit('CREATE', review)
      refuse([...specProblems(review.spec), ...metadataProblems(review, 'namespace'), ...localProblems(review)])
      await call.validate('CREATE', review)
      return { status: 201, object: { ...review, status: await answer(authorizer, subjectOf(review.spec), review.spec) } }
    },
  }
}

const specProblems = (spec: SubjectAccessReviewSpec): FieldError[] => [
  ...questionProblems(spec),
  ...(spec.user || spec.groups?.length
    ? []
    : [fieldErrors.invalid(FieldPath.root('spec', 'user'), '', 'at least one of user or group must be specified')]),
  ...selectorProblems(spec),
]

const localProblems = ({ metadata, spec }: LocalSubjectAccessReview): FieldError[] => {
  const problems: FieldError[] = []
  const { resourceAttributes, nonResourceAttributes } = spec
  if (resourceAttributes && (resourceAttributes.namespace ?? '') !== (metadata.namespace ?? '')) {
    const path = FieldPath.root('spec', 'resourceAttributes', 'namespace')
    problems.push(fieldErrors.invalid(path, resourceAttributes.namespace ?? '', 'must match metadata.namespace'))
  }
  if (nonResourceAttributes) {
    const shown = { Path: nonResourceAttributes.path ?? '', Verb: nonResourceAttributes.verb ?? '' }
    problems.push(fieldErrors.invalid(FieldPath.root('spec', 'nonResourceAttributes'), shown, 'disallowed on this kind of request'))
  }
  return problems
}

/** Upstream names no kind here. */
function refuse(problems: readonly FieldError[]): void {
  if (problems.length > 0) throw errors.invalid({ group, kind: '' }, '', problems)
}

const subjectOf = ({ user, uid, groups, extra }: SubjectAccessReviewSpec): UserInfo => ({
  name: user ?? '',
  groups: groups ?? [],
  ...(uid ? { uid } : {}),
  ...(extra ? { extra } : {}),
})

async function answer(authorizer: Authorizer, user: UserInfo, question: AccessQuestion): Promise<SubjectAccessReviewStatus> {
  const { decision, reason } = await authorizer.authorize(attributesOfQuestion(user, question))
  return {
    allowed: decision === 'Allow',
    ...(decision === 'Deny' ? { denied: true } : {}),
    ...(reason === '' ? {} : { reason }),
  }
}
