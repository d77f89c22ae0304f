import type { IncomingHttpHeaders } from 'node:http'
import { headerValues, type Identity, RefusedCredential, type RequestAuthenticator, type TokenAuthenticator } from './attempt.js'

const socketTokenPrefix = 'base64url.bearer.authorization.k8s.io.'

/** Longest token that is looked at, in characters. */
const longestToken = 64 * 1024

/** Bearer tokens of the Authorization header, and of the subprotocol with which browsers pass them on WebSockets. */
export function bearerTokens(authenticators: readonly TokenAuthenticator[]): RequestAuthenticator {
  return {
    recognise({ headers }, audiences) {
      const token = authorizationToken(headers) ?? webSocketToken(headers)
      return token === undefined ? undefined : recogniseToken(authenticators, token, audiences)
    },
  }
}

/** Asks every token authenticator until one succeeds. Throws RefusedCredential with all reasons when none does. */
export async function recogniseToken(
  authenticators: readonly TokenAuthenticator[],
  token: string,
  audiences: readonly string[],
): Promise<Identity> {
  const refusals: string[] = []
  for (const authenticator of token.length <= longestToken ? authenticators : []) {
    try {
      const identity = await authenticator.recogniseToken(token, audiences)
      if (identity) return identity
    } catch (error) {
      if (!(error instanceof RefusedCredential)) throw error
      refusals.push(error.message)
    }
  }
  throw new RefusedCredential(refusals.length > 0 ? `[invalid bearer token, ${refusals.join(', ')}]` : 'invalid bearer token')
}

/** The token of an Authorization header. Other schemes and an empty token count as no credential. */
export function authorizationToken(headers: IncomingHttpHeaders): string | undefined {
  const [scheme, token] = (headers.authorization ?? '').trim().split(' ', 2)
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined
}

const webSocketToken = (headers: IncomingHttpHeaders): string | undefined => {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined
  const protocols = webSocketProtocols(headers)
  const tokens = protocols.filter((protocol) => protocol.startsWith(socketTokenPrefix))
  if (tokens.length === 0) return undefined
  if (tokens.length > 1) throw new RefusedCredential('multiple base64.bearer.authorization tokens specified')
  if (protocols.length === 1) throw new RefusedCredential('missing additional subprotocol')
  const encoded = (tokens[0] ?? '').slice(socketTokenPrefix.length)
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) throw new RefusedCredential('invalid base64.bearer.authorization token encoding')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64url'))
  } catch (error) {
    throw new RefusedCredential('invalid base64.bearer.authorization token', { cause: error })
  }
}

/** The subprotocols a WebSocket client offers, without the one that only carries its token. */
export function offeredProtocols(headers: IncomingHttpHeaders): readonly string[] {
  return webSocketProtocols(headers).filter((protocol) => !protocol.startsWith(socketTokenPrefix))
}

const webSocketProtocols = (headers: IncomingHttpHeaders): string[] =>
  headerValues(headers['sec-websocket-protocol'])
    .flatMap((value) => value.split(','))
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '')
