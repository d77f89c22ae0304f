import type { AuthorizationAttributes, Authorizer, Decision } from '../../authorization/authorizer.js'
import { forbidden } from '../../authorization/forbidden.js'
import type { Exchange } from '../exchange.js'
import type { Stage } from '../pipeline.js'

/** Asks whether the user may. Throws StatusError 403. */
export function authorization(authorizer: Authorizer): Stage {
  return (exchange) => {
    const attributes = attributesOf(exchange)
    const decision = authorizer.authorize(attributes)
    if (decision instanceof Promise) return decision.then((late) => enforce(attributes, late))
    enforce(attributes, decision)
  }
}

/** What the request of an exchange asks for; with another verb, for requests that do two things. */
export function attributesOf(exchange: Exchange, verb = exchange.info.verb): AuthorizationAttributes {
  const { info, user } = exchange
  if (!info.isResource) return { user, verb, path: info.path }
  return {
    user,
    verb,
    group: info.group,
    version: info.version,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
    fieldSelector: info.fieldSelector || undefined,
    labelSelector: info.labelSelector || undefined,
  }
}

function enforce(attributes: AuthorizationAttributes, decision: Decision): void {
  if (decision.decision !== 'Allow') throw forbidden(attributes, decision.reason)
}
