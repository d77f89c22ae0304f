import { createHmac } from 'node:crypto'
import { ConfigMap, Secret } from '@treeline/api'
import { type ControllerDefinition, defineController, keyOf, on } from '@treeline/client'
import { isNotFound, parseTime } from '@treeline/machinery'

const secretType = 'bootstrap.kubernetes.io/token'
const clusterInfo = 'kube-public/cluster-info'
const signaturePrefix = 'jws-kubeconfig-'

const isToken = (secret: Secret) => secret.metadata.namespace === 'kube-system' && secret.type === secretType
const field = (secret: Secret, name: string) => Buffer.from(secret.data?.[name] ?? '', 'base64').toString('utf8')

/** When a token ends, in milliseconds; undefined if it does not. */
function expiry(secret: Secret): number | undefined {
  return secret.data?.['expiration'] ? (parseTime(field(secret, 'expiration')) ?? 0) : undefined
}

/** Deletes bootstrap tokens that have expired. */
export function tokenCleaner(): ControllerDefinition {
  return defineController({
    name: 'token-cleaner-controller',
    watches: [on(Secret, (secret, _old, _cache, type) => (type !== 'deleted' && isToken(secret) ? [keyOf(secret)] : []))],
    async reconcile(key, { cache, client, clock, signal }) {
      const secret = cache.get(Secret, key)
      const end = secret && expiry(secret)
      if (!secret || end === undefined) return undefined
      if (end > clock.now()) return { requeueAfter: end - clock.now() }
      const { namespace, name = '', uid } = secret.metadata
      try {
        await client.delete(Secret, { namespace, name }, { preconditions: { uid }, signal })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
      return undefined
    },
  })
}

/** Signs the public cluster information with every token made for it, so that who has a token can trust it. */
export function bootstrapSigner(): ControllerDefinition {
  return defineController({
    name: 'bootstrap-signer-controller',
    watches: [
      on(ConfigMap, (map) => (keyOf(map) === clusterInfo ? [clusterInfo] : [])),
      on(Secret, (secret) => (isToken(secret) ? [clusterInfo] : [])),
    ],
    async reconcile(_key, { cache, client, clock, signal }) {
      const map = cache.get(ConfigMap, clusterInfo)
      const content = map?.data?.['kubeconfig']
      if (!map || content === undefined) return undefined
      const kept = Object.entries(map.data ?? {}).filter(([name]) => !name.startsWith(signaturePrefix))
      const tokens = cache.list(Secret, 'kube-system').filter((secret) => isToken(secret) && mayReallySign(secret, clock.now()))
      const signatures = tokens.map((secret) => {
        const id = field(secret, 'token-id')
        return [signaturePrefix + id, detachedSignature(content, id, field(secret, 'token-secret'))] as const
      })
      const data = Object.fromEntries([...kept, ...signatures])
      const same =
        Object.keys(data).length === Object.keys(map.data ?? {}).length &&
        Object.entries(data).every(([name, value]) => map.data?.[name] === value)
      if (!same) await client.update(ConfigMap, { ...map, data }, { signal })
      return undefined
    },
  })
}

function mayReallySign(secret: Secret, now: number): boolean {
  const id = field(secret, 'token-id')
  const named = secret.metadata.name === `bootstrap-token-${id}`
  const valid = /^[a-z0-9]{6}$/.test(id) && /^[a-z0-9]{16}$/.test(field(secret, 'token-secret'))
  return named && valid && field(secret, 'usage-bootstrap-signing') === 'true' && (expiry(secret) ?? Number.POSITIVE_INFINITY) > now
}

/** Compact JWS with the content left out (RFC 7515 appendix F), HS256. */
export function detachedSignature(content: string, id: string, secret: string): string {
  const encode = (value: string | Buffer) => Buffer.from(value).toString('base64url')
  const header = encode(JSON.stringify({ alg: 'HS256', kid: id }))
  const signature = createHmac('sha256', secret)
    .update(`${header}.${encode(content)}`)
    .digest('base64url')
  return `${header}..${signature}`
}
