import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Secret } from '@treeline/api'
import type { AuthConfigSchema } from '@treeline/cri'

export type Credentials = MessageInitShape<typeof AuthConfigSchema>

interface Entry {
  readonly username?: unknown
  readonly password?: unknown
  readonly auth?: unknown
  readonly identitytoken?: unknown
}

const largestSecret = 1 << 20

/**
 * What the secrets say about the registry of an image, the most specific first. A key of a secret is a host with an
 * optional path prefix; `*` stands for one host label.
 */
export function credentialsFor(image: string, secrets: readonly Secret[]): Credentials[] {
  const target = registryPath(image)
  const found: { key: string; credentials: Credentials }[] = []
  for (const secret of secrets) {
    for (const [key, entry] of Object.entries(registriesOf(secret))) {
      if (matches(key, target)) found.push({ key, credentials: credentialsOf(key, entry) })
    }
  }
  return found.sort((a, b) => b.key.length - a.key.length).map(({ credentials }) => credentials)
}

function registriesOf({ type, data = {} }: Secret): Record<string, Entry> {
  const text = data[type === 'kubernetes.io/dockercfg' ? '.dockercfg' : '.dockerconfigjson']
  if (text === undefined || text.length > largestSecret) return {}
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64').toString())
    const registries: unknown = type === 'kubernetes.io/dockercfg' ? parsed : (parsed as { auths?: unknown } | null)?.auths
    return typeof registries === 'object' && registries !== null ? (registries as Record<string, Entry>) : {}
  } catch {
    return {}
  }
}

function credentialsOf(key: string, entry: Entry): Credentials {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const [username = '', ...password] = Buffer.from(text(entry.auth), 'base64').toString().split(':')
  return {
    username: text(entry.username) || username,
    password: text(entry.password) || password.join(':'),
    identityToken: text(entry.identitytoken),
    serverAddress: key,
  }
}

function registryPath(image: string): { host: string; path: string } {
  const [first = '', ...rest] = image
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '')
    .split('/')
  const hasHost = rest.length > 0 && /[.:]|^localhost$/.test(first)
  if (hasHost) return { host: first, path: `/${rest.join('/')}` }
  return { host: 'index.docker.io', path: rest.length > 0 ? `/${[first, ...rest].join('/')}` : `/library/${first}` }
}

function matches(key: string, { host, path }: { host: string; path: string }): boolean {
  const [keyHost = '', ...keyPath] = key.replace(/^https?:\/\//, '').split('/')
  const prefix = keyPath.join('/').replace(/^v[12]\/?$/, '')
  const normal = keyHost === 'docker.io' ? 'index.docker.io' : keyHost
  const [wanted, actual] = [normal.split('.'), host.split('.')]
  if (wanted.length !== actual.length || !wanted.every((label, index) => label === '*' || label === actual[index])) return false
  return path.startsWith(prefix === '' ? '/' : `/${prefix}`)
}
