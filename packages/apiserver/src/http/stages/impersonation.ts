import { impersonatedUser } from '../../authentication/impersonation.js'
import type { Authorizer } from '../../authorization/authorizer.js'
import type { Exchange } from '../exchange.js'
import type { Stage } from '../pipeline.js'

/** Lets a user act as another one where `authorizer` allows it. Throws StatusError 400 and 403. */
export function impersonation(authorizer: Authorizer): Stage {
  return (exchange) => (asksForIt(exchange) ? impersonate(exchange, authorizer) : undefined)
}

function asksForIt(exchange: Exchange): boolean {
  for (const name in exchange.request.headers) if (name.startsWith('impersonate-')) return true
  return false
}

async function impersonate(exchange: Exchange, authorizer: Authorizer): Promise<void> {
  exchange.user = (await impersonatedUser(exchange.request.headers, exchange.user, authorizer)) ?? exchange.user
}
