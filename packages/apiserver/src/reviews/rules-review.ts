import { type PolicyRule, SelfSubjectRulesReview, type SubjectRulesReviewStatus } from '@treeline/api'
import { aggregateMessages, errors } from '@treeline/machinery'
import { nodesGroup, nodeUserPrefix } from '../authentication/identities.js'
import type { RoleRules } from '../authorization/role-rules.js'
import type { SubresourceHandler } from '../registry/subresource-handler.js'

/** What may I do in a namespace? */
export function selfSubjectRulesReview(roleRules: RoleRules): SubresourceHandler {
  return {
    group: 'authorization.k8s.io',
    resource: SelfSubjectRulesReview.plural,
    subresource: '',
    verbs: ['create'],
    async handle(call) {
      const review = await call.body(SelfSubjectRulesReview)
      await call.admit('CREATE', review)
      const namespace = review.spec?.namespace ?? ''
      if (namespace === '') throw errors.badRequest('no namespace on request')
      await call.validate('CREATE', review)
      const { rules, problems } = roleRules.heldBy(call.user, namespace)
      // What a node may do depends on its pods and cannot be listed.
      const isNode = call.user.name.startsWith(nodeUserPrefix) && call.user.groups.includes(nodesGroup)
      const status = statusOf(
        rules.map(({ rule }) => rule),
        isNode,
        [...(isNode ? ['node authorizer does not support user rule resolution'] : []), ...problems],
      )
      return {
        status: 201,
        object: { kind: SelfSubjectRulesReview.kind, apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec: {}, status },
      }
    },
  }
}

function statusOf(rules: readonly PolicyRule[], incomplete: boolean, problems: readonly string[]): SubjectRulesReviewStatus {
  return {
    resourceRules: rules
      .filter(({ resources }) => resources?.length)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs: [...verbs],
        ...(apiGroups?.length ? { apiGroups: [...apiGroups] } : {}),
        resources: [...(resources ?? [])],
        ...(resourceNames?.length ? { resourceNames: [...resourceNames] } : {}),
      })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
      .map(({ verbs, nonResourceURLs }) => ({ verbs: [...verbs], nonResourceURLs: [...(nonResourceURLs ?? [])] })),
    incomplete,
    ...(problems.length > 0 ? { evaluationError: aggregateMessages(problems) } : {}),
  }
}
