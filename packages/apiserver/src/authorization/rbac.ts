import { aggregateMessages } from '@treeline/machinery'
import type { Authorizer } from './authorizer.js'
import { ruleAllows } from './policy-rule.js'
import type { RoleRules } from './role-rules.js'

/** Role based access control: allows what a rule of a role bound to the user allows, and has no opinion on the rest. */
export function roleBasedAuthorizer(roleRules: RoleRules): Authorizer {
  return {
    authorize(attributes) {
      const { rules, problems } = roleRules.heldBy(attributes.user, attributes.namespace ?? '')
      for (const { rule, source } of rules) {
        if (ruleAllows(rule, attributes)) return { decision: 'Allow', reason: `RBAC: allowed by ${source}` }
      }
      return { decision: 'NoOpinion', reason: problems.length > 0 ? `RBAC: ${aggregateMessages(problems)}` : '' }
    },
  }
}
