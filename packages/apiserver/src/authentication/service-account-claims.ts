import { randomUUID } from 'node:crypto'
import { serviceAccountUserName } from './identities.js'

/** Name and uid of an object a token speaks of. */
export interface Reference {
  readonly name: string
  readonly uid: string
}

/** What a service account token says. Times are seconds since the epoch. */
export interface ServiceAccountClaims {
  readonly aud: readonly string[]
  readonly exp: number
  readonly iat: number
  readonly iss: string
  readonly jti: string
  readonly 'kubernetes.io': KubernetesClaims
  readonly nbf: number
  readonly sub: string
}

export interface KubernetesClaims {
  readonly namespace: string
  readonly node?: Partial<Reference>
  readonly pod?: Reference
  readonly secret?: Reference
  readonly serviceaccount: Reference
  readonly warnafter?: number
}

export interface ClaimsRequest {
  readonly namespace: string
  readonly serviceAccount: Reference
  readonly audiences: readonly string[]
  /** Seconds. */
  readonly lifetime: number
  /** Seconds after which use is remarked upon; absent: never. */
  readonly warnAfter?: number
  /** The token dies with this object. A pod may bring the node it runs on. */
  readonly boundTo?:
    | { readonly pod: Reference; readonly node?: Partial<Reference> }
    | { readonly secret: Reference }
    | { readonly node: Reference }
}

/** The claims of a new token. `now` in milliseconds. Keys are in the order in which upstream writes them. */
export function serviceAccountClaims(request: ClaimsRequest, issuer: string, now: number): ServiceAccountClaims {
  const iat = Math.floor(now / 1000)
  const bound = { node: undefined, pod: undefined, secret: undefined, ...request.boundTo }
  return {
    aud: request.audiences,
    exp: iat + request.lifetime,
    iat,
    iss: issuer,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace: request.namespace,
      ...(bound.node ? { node: bound.node } : {}),
      ...(bound.pod ? { pod: bound.pod } : {}),
      ...(bound.secret ? { secret: bound.secret } : {}),
      serviceaccount: request.serviceAccount,
      ...(request.warnAfter === undefined ? {} : { warnafter: iat + request.warnAfter }),
    },
    nbf: iat,
    sub: serviceAccountUserName(request.namespace, request.serviceAccount.name),
  }
}

/** The claims in a verified payload; undefined when it does not have their shape. */
export function readServiceAccountClaims(payload: unknown): ServiceAccountClaims | undefined {
  if (!isRecord(payload)) return undefined
  const { aud, exp, iat, iss, nbf, sub } = payload
  const kubernetes = payload['kubernetes.io']
  const audiences = typeof aud === 'string' ? [aud] : (aud ?? [])
  if (!Array.isArray(audiences) || !audiences.every((audience) => typeof audience === 'string')) return undefined
  if (![exp, iat, nbf].every((time) => time === undefined || Number.isFinite(time))) return undefined
  if (typeof iss !== 'string' || typeof sub !== 'string' || !isRecord(kubernetes)) return undefined
  if (typeof kubernetes['namespace'] !== 'string' || !isReference(kubernetes['serviceaccount'])) return undefined
  for (const bound of ['pod', 'secret'] as const) if (kubernetes[bound] !== undefined && !isReference(kubernetes[bound])) return undefined
  if (kubernetes['node'] !== undefined && !isRecord(kubernetes['node'])) return undefined
  return { ...payload, aud: audiences } as unknown as ServiceAccountClaims
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const isReference = (value: unknown): value is Reference =>
  isRecord(value) && typeof value['name'] === 'string' && typeof value['uid'] === 'string'
