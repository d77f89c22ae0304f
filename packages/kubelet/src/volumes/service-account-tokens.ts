import type { TokenRequest } from '@treeline/api'
import type { Client, Clock } from '@treeline/client'
import type { AssignedPod } from '../assigned-pod.js'
import { serviceAccountKind } from '../kinds.js'

interface Held {
  readonly token: string
  /** Milliseconds since the epoch. */
  readonly requestedAt: number
  readonly expiresAt: number
  readonly refreshAt: number
}

const day = 24 * 60 * 60 * 1_000
const jitter = 10_000

/**
 * Tokens of service accounts, bound to the pod they are for, asked for again when 80 % of their life is over or after a
 * day. While a token is valid, a failure to get a newer one is no failure.
 */
export class ServiceAccountTokens {
  readonly #held = new Map<string, Map<string, Held>>()

  constructor(
    private readonly client: Client,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** `audience` empty asks for the API server's own. Throws when there is none and none can be had. */
  async token(pod: AssignedPod, audience: string, expirationSeconds: number, signal: AbortSignal): Promise<string> {
    const { uid } = pod.metadata
    const key = `${audience} ${expirationSeconds}`
    const held = this.#held.get(uid)?.get(key)
    const now = this.clock.now()
    if (held !== undefined && now < held.refreshAt) return held.token
    try {
      const fresh = await this.#request(pod, audience, expirationSeconds, signal)
      const ofPod = this.#held.get(uid) ?? new Map<string, Held>()
      this.#held.set(uid, ofPod.set(key, fresh))
      return fresh.token
    } catch (error) {
      if (held !== undefined && now < held.expiresAt) return held.token
      throw error
    }
  }

  /** When the next token of the pod is due, in milliseconds since the epoch. */
  nextRefresh(uid: string): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...(this.#held.get(uid)?.values() ?? [])].map(({ refreshAt }) => refreshAt))
  }

  forget(uid: string): void {
    this.#held.delete(uid)
  }

  async #request(pod: AssignedPod, audience: string, expirationSeconds: number, signal: AbortSignal): Promise<Held> {
    const { name, namespace, uid } = pod.metadata
    const requestedAt = this.clock.now()
    const answer = await this.client.createSubresource<TokenRequest>(
      serviceAccountKind,
      { namespace, name: pod.spec.serviceAccountName || 'default' },
      'token',
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: {},
        spec: {
          audiences: audience === '' ? [] : [audience],
          expirationSeconds,
          boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid },
        },
      },
      { signal },
    )
    const { token, expirationTimestamp } = answer.status ?? {}
    if (!token || !expirationTimestamp) throw new Error(`the API server gave no token for service account of pod ${namespace}/${name}`)
    const expiresAt = Date.parse(expirationTimestamp)
    const refreshAt = Math.min(requestedAt + (expiresAt - requestedAt) * 0.8, requestedAt + day) - this.random() * jitter
    return { token, requestedAt, expiresAt, refreshAt }
  }
}
