import { Secret, ServiceAccount } from '@treeline/api'
import { type ControllerDefinition, defineController, keyOf, on, type ReconcileContext } from '@treeline/client'
import { isNotFound } from '@treeline/machinery'

const tokenType = 'kubernetes.io/service-account-token'
const nameAnnotation = 'kubernetes.io/service-account.name'
const uidAnnotation = 'kubernetes.io/service-account.uid'

export interface ServiceAccountTokenOptions {
  /** Makes a token that does not expire for a secret of an account. */
  readonly issueToken: (account: ServiceAccount, secret: Secret) => Promise<string>
  /** PEM put into the secrets. */
  readonly rootCertificateAuthority?: string
}

/** Fills secrets of type service-account-token, and deletes those whose account is gone. */
export function serviceAccountTokenController({ issueToken, rootCertificateAuthority }: ServiceAccountTokenOptions): ControllerDefinition {
  return defineController({
    name: 'serviceaccount-token-controller',
    workers: 5,
    watches: [
      on(Secret, (secret, _old, _cache, type) => (type !== 'deleted' && secret.type === tokenType ? [keyOf(secret)] : []), {
        indexes: {
          account: (secret) =>
            secret.type === tokenType ? [`${secret.metadata.namespace}/${secret.metadata.annotations?.[nameAnnotation]}`] : [],
        },
      }),
      on(ServiceAccount, (account, _old, cache) => cache.byIndex(Secret, 'account', keyOf(account)).map(keyOf)),
    ],
    async reconcile(key, context) {
      const { cache, client, signal } = context
      const secret = cache.get(Secret, key)
      if (!secret) return undefined
      const { namespace = '', annotations, uid } = secret.metadata
      const account = await accountOf(context, namespace, annotations?.[nameAnnotation] ?? '')
      const foreign = annotations?.[uidAnnotation] && annotations[uidAnnotation] !== account?.metadata.uid
      if (!account || foreign) {
        try {
          await client.delete(Secret, { namespace, name: secret.metadata.name ?? '' }, { preconditions: { uid }, signal })
        } catch (error) {
          if (!isNotFound(error)) throw error
        }
        return undefined
      }
      const filled = await fill(secret, account)
      if (filled) await client.update(Secret, filled, { signal })
      return undefined
    },
  })

  /** The secret with what is missing in it; undefined if nothing is. */
  async function fill(secret: Secret, account: ServiceAccount): Promise<Secret | undefined> {
    const { data = {}, metadata } = secret
    const encode = (text: string) => Buffer.from(text).toString('base64')
    const namespace = encode(metadata.namespace ?? '')
    const authority = rootCertificateAuthority && encode(rootCertificateAuthority)
    const complete =
      data['token'] &&
      data['namespace'] === namespace &&
      (!authority || data['ca.crt'] === authority) &&
      metadata.annotations?.[uidAnnotation]
    if (complete) return undefined
    const token = data['token'] ?? encode(await issueToken(account, secret))
    return {
      ...secret,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [uidAnnotation]: account.metadata.uid ?? '' } },
      data: { ...data, token, namespace, ...(authority && { 'ca.crt': authority }) },
    }
  }
}

/** The account, from the server itself if the cache does not have it: a secret is not deleted on hearsay. */
async function accountOf(
  { cache, client, signal }: ReconcileContext,
  namespace: string,
  name: string,
): Promise<ServiceAccount | undefined> {
  const known = cache.get(ServiceAccount, `${namespace}/${name}`)
  if (known || name === '') return known
  try {
    return await client.get(ServiceAccount, { namespace, name }, { signal })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
