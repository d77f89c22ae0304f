import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { TokenReview } from '@treeline/api'
import type { Client, Clock, ResourceKind } from '@treeline/client'

/** Who makes a request. */
export interface Caller {
  readonly name: string
  readonly groups: readonly string[]
  readonly uid?: string
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

const tokenReviewKind: ResourceKind<TokenReview> = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  scope: 'Cluster',
}
const cacheTime = 120_000
const cacheSize = 1_000

/** Tells who calls: by a client certificate of the cluster's authority, or by a token that the API server knows. */
export class Authenticator {
  readonly #tokens = new Map<string, { caller: Caller | undefined; until: number }>()

  constructor(
    private readonly client: Client,
    private readonly clock: Clock,
  ) {}

  /** Undefined for a caller that nobody vouches for. */
  async authenticate(request: IncomingMessage, signal: AbortSignal): Promise<Caller | undefined> {
    const byCertificate = certificateCaller(request.socket as TLSSocket)
    if (byCertificate !== undefined) return byCertificate
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    return token === undefined ? undefined : this.#tokenCaller(token, signal)
  }

  async #tokenCaller(token: string, signal: AbortSignal): Promise<Caller | undefined> {
    const now = this.clock.now()
    const known = this.#tokens.get(token)
    if (known !== undefined && known.until > now) return known.caller
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: {}, spec: { token } }
    const { status } = await this.client.create(tokenReviewKind, review, { signal })
    const { username, groups = [], uid, extra } = status?.user ?? {}
    const caller: Caller | undefined =
      status?.authenticated === true && username
        ? { name: username, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) }
        : undefined
    if (this.#tokens.size >= cacheSize) this.#tokens.clear()
    this.#tokens.set(token, { caller, until: now + cacheTime })
    return caller
  }
}

/** Common name is the user, organisations are the groups. */
function certificateCaller(socket: TLSSocket): Caller | undefined {
  if (!socket.authorized) return undefined
  const subject = socket.getPeerCertificate().subject as unknown as Record<string, string | string[]> | undefined
  const name = [subject?.['CN'] ?? []].flat()[0]
  if (name === undefined) return undefined
  return { name, groups: [[subject?.['O'] ?? []].flat(), 'system:authenticated'].flat() }
}
