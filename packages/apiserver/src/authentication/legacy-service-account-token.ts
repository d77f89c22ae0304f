import { timingSafeEqual } from 'node:crypto'
import { type Identity, RefusedCredential, type TokenAuthenticator } from './attempt.js'
import { parseServiceAccountUserName, serviceAccountGroups, serviceAccountUserName } from './identities.js'
import type { ServiceAccountIssuer } from './service-account-issuer.js'
import { issuerOf, verifiedPayload, wrongAudience } from './service-account-token.js'

const legacyIssuer = 'kubernetes/serviceaccount'
const claimPrefix = 'kubernetes.io/serviceaccount/'

/** What legacy tokens are checked against: the Secret that holds the token, and the account. */
export interface LegacyTokenSubjects {
  /** `token` is base64 as in `data`. */
  tokenSecret(
    namespace: string,
    name: string,
  ): { readonly token?: string; readonly deleted: boolean; readonly invalidSince?: string } | undefined
  serviceAccount(namespace: string, name: string): { readonly uid?: string; readonly deletionTimestamp?: string } | undefined
}

/** Tokens without end that a controller put into Secrets of type `kubernetes.io/service-account-token`. */
export function legacyServiceAccountTokens(issuer: ServiceAccountIssuer, subjects: LegacyTokenSubjects): TokenAuthenticator {
  const keys = new Map(issuer.keys.map((key) => [key.id, key]))
  return {
    async recogniseToken(token, asked): Promise<Identity | undefined> {
      if (issuerOf(token) !== legacyIssuer) return undefined
      const payload = (await verifiedPayload(token, keys)) as Record<string, unknown>
      const namespace = claim(payload, `${claimPrefix}namespace`)
      const secretName = claim(payload, `${claimPrefix}secret.name`)
      const name = claim(payload, `${claimPrefix}service-account.name`)
      const uid = claim(payload, `${claimPrefix}service-account.uid`)
      const subject = parseServiceAccountUserName(claim(payload, 'sub'))
      if (subject?.namespace !== namespace || subject.name !== name) throw new RefusedCredential('sub claim is invalid')
      checkSecret(token, namespace, secretName, name, subjects)
      const account = subjects.serviceAccount(namespace, name)
      if (!account) throw new RefusedCredential(`serviceaccounts "${name}" not found`)
      if (account.deletionTimestamp) throw new RefusedCredential(`ServiceAccount ${namespace}/${name} has been deleted`)
      if (account.uid !== uid) throw new RefusedCredential(`ServiceAccount UID (${account.uid}) does not match claim (${uid})`)
      const audiences = issuer.audiences.filter((audience) => asked.length === 0 || asked.includes(audience))
      if (audiences.length === 0) throw wrongAudience(issuer.audiences, asked)
      return { user: { name: serviceAccountUserName(namespace, name), uid, groups: serviceAccountGroups(namespace), extra: {} }, audiences }
    },
  }
}

const claim = (payload: Record<string, unknown>, name: string): string => {
  const value = payload[name]
  if (typeof value !== 'string' || value === '') throw new RefusedCredential(`${name.slice(name.lastIndexOf('/') + 1)} claim is missing`)
  return value
}

const checkSecret = (token: string, namespace: string, secretName: string, account: string, subjects: LegacyTokenSubjects): void => {
  const secret = subjects.tokenSecret(namespace, secretName)
  if (!secret || secret.deleted) throw new RefusedCredential('Token has been invalidated')
  if (!sameText(Buffer.from(secret.token ?? '', 'base64'), Buffer.from(token))) {
    throw new RefusedCredential("Token does not match server's copy")
  }
  if (secret.invalidSince) {
    throw new RefusedCredential(
      `the token in secret ${namespace}/${secretName} for service account ${namespace}/${account} has been marked invalid`,
    )
  }
}

const sameText = (left: Buffer, right: Buffer): boolean => left.length === right.length && timingSafeEqual(left, right)
