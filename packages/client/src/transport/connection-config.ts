import type { ImpersonatedUser } from '../client.js'

/** Where an API server is and how to prove who one is. PEM texts, not file names. */
export interface ConnectionConfig {
  /** `https://host:port`, with a path prefix if there is one; `http://` for servers behind a local proxy. */
  readonly server: string
  readonly certificateAuthority?: string
  /** Name checked in the server's certificate, instead of the host of `server`. */
  readonly tlsServerName?: string
  readonly insecureSkipTlsVerify?: boolean
  readonly credentials?: Credentials
  /** Namespace of the context it was read from. */
  readonly namespace?: string
  readonly impersonate?: ImpersonatedUser
}

/** What a client presents. All may change while connected: they are asked for anew when needed. */
export interface Credentials {
  /** Header values; `rejected` after the server answered 401 to the last ones. */
  headers?(rejected: boolean): Promise<Readonly<Record<string, string>>>
  /** Asked for on every new connection. */
  clientCertificate?(): Promise<{ readonly certificate: string; readonly key: string } | undefined>
}
