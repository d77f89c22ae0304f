import { errors } from '@treeline/machinery'
import { type Identity, RefusedCredential, type RequestAuthenticator } from './attempt.js'
import type { Authenticator, Credentials, UserInfo } from './authenticator.js'
import { anonymous, withAuthenticatedGroup } from './identities.js'

export interface AuthenticationOptions {
  /** In order of precedence: front proxy, client certificate, bearer token. */
  readonly methods: readonly RequestAuthenticator[]
  /** Names under which the API server may be meant by a token. */
  readonly audiences: readonly string[]
  /** Whether who offers nothing may pass as `system:anonymous`: everywhere, nowhere, or on these paths. */
  readonly anonymous: boolean | { readonly paths: readonly string[] }
}

/** Authenticates by the first method that succeeds. A bad credential is 401 only when no other method succeeds. */
export function authentication(options: AuthenticationOptions): Authenticator {
  const anonymousPaths = typeof options.anonymous === 'object' ? new Set(options.anonymous.paths) : undefined
  return {
    async authenticate(credentials: Credentials): Promise<UserInfo | undefined> {
      const attempt = await recognise(options.methods, credentials, options.audiences)
      if (attempt.identity) return withAuthenticatedGroup(attempt.identity.user)
      if (attempt.refusals.length > 0 || options.anonymous === false) throw errors.unauthorized()
      if (anonymousPaths && !anonymousPaths.has(credentials.path ?? '')) throw errors.unauthorized()
      return anonymous
    },
  }
}

/** Asks every method until one succeeds. Errors that are no refusals are thrown. */
export async function recognise(
  methods: readonly RequestAuthenticator[],
  credentials: Credentials,
  audiences: readonly string[],
): Promise<{ readonly identity?: Identity; readonly refusals: readonly string[] }> {
  const refusals: string[] = []
  for (const method of methods) {
    try {
      const identity = await method.recognise(credentials, audiences)
      if (identity) return { identity, refusals: [] }
    } catch (error) {
      if (!(error instanceof RefusedCredential)) throw error
      refusals.push(error.message)
    }
  }
  return { refusals }
}
