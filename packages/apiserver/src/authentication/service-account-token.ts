import { compactVerify, decodeProtectedHeader } from 'jose'
import { type Identity, RefusedCredential, type TokenAuthenticator } from './attempt.js'
import { ExpiringCache } from './expiring-cache.js'
import {
  credentialIdKey,
  nodeNameKey,
  nodeUidKey,
  podNameKey,
  podUidKey,
  serviceAccountGroups,
  serviceAccountUserName,
} from './identities.js'
import { type KubernetesClaims, readServiceAccountClaims, type ServiceAccountClaims } from './service-account-claims.js'
import type { ServiceAccountIssuer } from './service-account-issuer.js'
import type { VerificationKey } from './token-keys.js'

/** Uid and time of deletion of an object, as far as it exists. */
export type Liveness = { readonly uid?: string; readonly deletionTimestamp?: string } | undefined

/** The newest state of the objects tokens are bound to. */
export interface TokenSubjects {
  serviceAccount(namespace: string, name: string): Liveness
  pod(namespace: string, name: string): Liveness
  secret(namespace: string, name: string): Liveness
  node(name: string): Liveness
}

/** Clocks may differ by this much, in milliseconds; also how long a deleted object's tokens live on. */
const leeway = 60_000
/** How long a verified signature is remembered, in milliseconds. */
const memory = 10_000
const remembered = 4096

/**
 * Tokens of service accounts. A signature is verified once in ten seconds; times, audiences and the objects the token
 * is bound to are looked at on every use, so that a deleted pod's token is void at once.
 */
export function serviceAccountTokens(
  issuer: ServiceAccountIssuer,
  subjects: TokenSubjects,
  now: () => number = Date.now,
): TokenAuthenticator {
  const keys = new Map(issuer.keys.map((key) => [key.id, key]))
  const verified = new ExpiringCache<string, ServiceAccountClaims>(remembered, memory, now)
  const verifying = new Map<string, Promise<ServiceAccountClaims>>()
  const users = new WeakMap<ServiceAccountClaims, Identity['user']>()
  // One user object for as long as the signature is remembered: what is found out about a user is kept with that object.
  const userBy = (claims: ServiceAccountClaims): Identity['user'] => {
    let user = users.get(claims)
    if (!user) {
      user = userOf(claims)
      users.set(claims, user)
    }
    return user
  }
  // A client that opens many streams at once has its token verified once.
  const verifyOnce = (token: string): Promise<ServiceAccountClaims> => {
    let claims = verifying.get(token)
    if (!claims) {
      claims = verify(token, keys).finally(() => verifying.delete(token))
      verifying.set(token, claims)
    }
    return claims
  }
  const identify = (claims: ServiceAccountClaims, asked: readonly string[]): Identity => {
    const audiences = meantAudiences(claims, issuer, asked)
    checkTimes(claims, now())
    checkSubjects(claims['kubernetes.io'], subjects, now() - leeway)
    return { user: userBy(claims), audiences }
  }
  return {
    recogniseToken(token, asked) {
      const known = verified.get(token)
      if (known) return identify(known, asked)
      if (!issuer.issuers.includes(issuerOf(token) ?? '')) return undefined
      return verifyOnce(token).then((claims) => {
        verified.set(token, claims)
        return identify(claims, asked)
      })
    },
  }
}

/** The issuer a token names, read before anything is verified, to tell whose it is. */
export function issuerOf(token: string): string | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  try {
    const payload = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()) as { iss?: unknown } | null
    return typeof payload?.iss === 'string' ? payload.iss : undefined
  } catch {
    // Not a JSON Web Token at all, so it is for another authenticator to judge.
    return undefined
  }
}

async function verify(token: string, keys: ReadonlyMap<string, VerificationKey>): Promise<ServiceAccountClaims> {
  const claims = readServiceAccountClaims(await verifiedPayload(token, keys))
  if (!claims) throw new RefusedCredential('service account token claims could not be validated')
  return claims
}

/** The payload of a token signed by one of `keys`. Throws RefusedCredential. */
export async function verifiedPayload(token: string, keys: ReadonlyMap<string, VerificationKey>): Promise<unknown> {
  let lastError: unknown
  for (const key of candidateKeys(token, keys)) {
    try {
      const { payload } = await compactVerify(token, key.publicKey, { algorithms: acceptedAlgorithms(key) })
      return JSON.parse(new TextDecoder().decode(payload)) as unknown
    } catch (error) {
      lastError = error
    }
  }
  throw new RefusedCredential(lastError instanceof Error ? lastError.message : 'invalid signature, no keys found', { cause: lastError })
}

const candidateKeys = (token: string, keys: ReadonlyMap<string, VerificationKey>): VerificationKey[] => {
  const kid = keyIdOf(token)
  if (kid === undefined) return [...keys.values()]
  const key = keys.get(kid)
  return key ? [key] : []
}

const keyIdOf = (token: string): string | undefined => {
  try {
    return decodeProtectedHeader(token).kid
  } catch (error) {
    throw new RefusedCredential('malformed token header', { cause: error })
  }
}

const acceptedAlgorithms = (key: VerificationKey): string[] => (key.algorithm === 'RS256' ? ['RS256', 'RS384', 'RS512'] : [key.algorithm])

const meantAudiences = (claims: ServiceAccountClaims, issuer: ServiceAccountIssuer, asked: readonly string[]): readonly string[] => {
  const audiences = claims.aud.length > 0 ? claims.aud : issuer.audiences
  const wanted = asked.length > 0 ? asked : issuer.audiences
  const meant = audiences.filter((audience) => wanted.includes(audience))
  if (meant.length === 0) throw wrongAudience(audiences, wanted)
  return meant
}

/** The refusal of a token that is meant for others. */
export function wrongAudience(audiences: readonly string[], wanted: readonly string[]): RefusedCredential {
  const quoted = (list: readonly string[]) => `[${list.map((audience) => JSON.stringify(audience)).join(' ')}]`
  return new RefusedCredential(`token audiences ${quoted(audiences)} is invalid for the target audiences ${quoted(wanted)}`)
}

const checkTimes = (claims: ServiceAccountClaims, now: number): void => {
  if (claims.nbf !== undefined && now + leeway < claims.nbf * 1000) throw new RefusedCredential('service account token is not valid yet')
  if (claims.exp !== undefined && now - leeway > claims.exp * 1000) throw new RefusedCredential('service account token has expired')
  if (claims.iat !== undefined && now + leeway < claims.iat * 1000) {
    throw new RefusedCredential('service account token is issued in the future')
  }
}

/** Everything the token names must still be the same object. */
function checkSubjects(claims: KubernetesClaims, subjects: TokenSubjects, deletedBefore: number): void {
  const { namespace, serviceaccount, secret, pod, node } = claims
  const account = subjects.serviceAccount(namespace, serviceaccount.name)
  if (!account) throw new RefusedCredential(`serviceaccounts "${serviceaccount.name}" not found`)
  if (account.uid !== serviceaccount.uid) {
    throw new RefusedCredential(`service account UID (${account.uid}) does not match claim (${serviceaccount.uid})`)
  }
  if (isGone(account, deletedBefore)) {
    throw new RefusedCredential(`service account ${namespace}/${serviceaccount.name} has been deleted`)
  }
  if (secret) checkBound('secret', subjects.secret(namespace, secret.name), secret.uid, deletedBefore)
  if (pod) checkBound('pod', subjects.pod(namespace, pod.name), pod.uid, deletedBefore)
  // The node of a pod's token is only told, the node of a node's token must live.
  else if (node) checkBound('node', subjects.node(node.name ?? ''), node.uid ?? '', deletedBefore)
}

const checkBound = (kind: 'secret' | 'pod' | 'node', object: Liveness, uid: string, deletedBefore: number): void => {
  if (!object) throw new RefusedCredential('service account token has been invalidated')
  if (object.uid !== uid) {
    throw new RefusedCredential(`${kind} UID (${object.uid}) does not match service account ${kind} ref claim (${uid})`)
  }
  if (isGone(object, deletedBefore)) throw new RefusedCredential('service account token has been invalidated')
}

const isGone = (object: NonNullable<Liveness>, deletedBefore: number): boolean =>
  object.deletionTimestamp !== undefined && Date.parse(object.deletionTimestamp) < deletedBefore

const userOf = (claims: ServiceAccountClaims): Identity['user'] => {
  const { namespace, serviceaccount, pod, node } = claims['kubernetes.io']
  const extra: Record<string, string[]> = {}
  if (claims.jti) extra[credentialIdKey] = [`JTI=${claims.jti}`]
  if (node?.name) extra[nodeNameKey] = [node.name]
  if (node?.uid) extra[nodeUidKey] = [node.uid]
  if (pod) {
    extra[podNameKey] = [pod.name]
    extra[podUidKey] = [pod.uid]
  }
  return {
    name: serviceAccountUserName(namespace, serviceaccount.name),
    uid: serviceaccount.uid,
    groups: serviceAccountGroups(namespace),
    extra,
  }
}
