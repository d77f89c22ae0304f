import type { IncomingHttpHeaders } from 'node:http'

/** Who makes a request, as authorization, admission and audit see it. */
export interface UserInfo {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

export interface Credentials {
  readonly headers: IncomingHttpHeaders
  /** DER of the verified client certificate of the connection, when one was given. */
  readonly clientCertificate?: Buffer
  /** Decoded path of the request, for servers that let anonymous requests pass on some paths only. */
  readonly path?: string
}

/** One way to prove an identity. `undefined`: no credential of this sort was offered. Throws StatusError 401 on a bad one. */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<UserInfo | undefined>
}
