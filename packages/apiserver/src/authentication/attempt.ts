import type { Credentials, UserInfo } from './authenticator.js'

/** Who was recognised, and which of the audiences asked for the credential is good for. */
export interface Identity {
  readonly user: UserInfo
  readonly audiences?: readonly string[]
}

/** Why a credential was refused. Told to reviewers of tokens only; the bearer just gets 401. */
export class RefusedCredential extends Error {}

/**
 * One way to recognise a request. `undefined`: no credential of this sort was offered. Throws RefusedCredential when
 * one was offered and is bad.
 */
export interface RequestAuthenticator {
  recognise(credentials: Credentials, audiences: readonly string[]): Promise<Identity | undefined> | Identity | undefined
}

/** One way to recognise a bearer token; results as for RequestAuthenticator. */
export interface TokenAuthenticator {
  recogniseToken(token: string, audiences: readonly string[]): Promise<Identity | undefined> | Identity | undefined
}

/** Values of a header that may be repeated; Node gives a string for one value and a list for several. */
export function headerValues(value: string | string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

/** Percent-decodes the tail of an extra header's name; what is not well encoded is taken as it is. */
export function decodeExtraKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.toLowerCase())
  } catch {
    return encoded.toLowerCase()
  }
}
