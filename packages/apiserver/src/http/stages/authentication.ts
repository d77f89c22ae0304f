import { errors } from '@treeline/machinery'
import type { Authenticator } from '../../authentication/authenticator.js'
import type { Exchange } from '../exchange.js'
import type { Stage } from '../pipeline.js'

/** Finds out who asks. Throws StatusError 401 when nobody vouches for the caller. */
export function authentication(authenticator: Authenticator): Stage {
  return (exchange) => {
    const { user } = exchange.request
    if (!user) return identify(exchange, authenticator)
    exchange.user = user
  }
}

async function identify(exchange: Exchange, authenticator: Authenticator): Promise<void> {
  const { headers, clientCertificate } = exchange.request
  const user = await authenticator.authenticate({ headers, clientCertificate, path: exchange.info.path })
  if (!user) throw errors.unauthorized()
  exchange.user = user
}
