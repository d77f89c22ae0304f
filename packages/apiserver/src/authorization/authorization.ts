import { mastersGroup } from '../authentication/identities.js'
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js'

const allowed: Decision = { decision: 'Allow', reason: '' }
const noOpinion: Decision = { decision: 'NoOpinion', reason: '' }

/** Members of `system:masters` may do everything, even when every role is gone. */
export const masters: Authorizer = {
  authorize: ({ user }) => (user.groups.includes(mastersGroup) ? allowed : noOpinion),
}

/** Asks in turn; the first that allows or denies decides. Without a decision the reasons of all are told. */
export function firstDecision(authorizers: readonly Authorizer[]): Authorizer {
  return { authorize: (attributes) => decide(authorizers, attributes, []) }
}

/** The built-in authorizers answer at once; only a remote one makes the request wait. */
function decide(
  [authorizer, ...rest]: readonly Authorizer[],
  attributes: AuthorizationAttributes,
  reasons: readonly string[],
): Decision | Promise<Decision> {
  if (!authorizer) return { decision: 'NoOpinion', reason: reasons.join('\n') }
  const next = (answer: Decision) => {
    if (answer.decision !== 'NoOpinion') return answer
    return decide(rest, attributes, answer.reason === '' ? reasons : [...reasons, answer.reason])
  }
  const answer = authorizer.authorize(attributes)
  return answer instanceof Promise ? answer.then(next) : next(answer)
}
