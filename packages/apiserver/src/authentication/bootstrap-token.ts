import { timingSafeEqual } from 'node:crypto'
import type { TokenAuthenticator } from './attempt.js'

/** Data of a Secret, base64 as on the wire. */
export interface BootstrapTokenSecret {
  readonly type?: string
  readonly deleted: boolean
  readonly data: Readonly<Record<string, string>>
}

/** Groups a bootstrap token may give beyond `system:bootstrappers`. */
const groupPattern = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

/**
 * Bootstrap tokens, `id.secret`: a Secret `bootstrap-token-ID` of kube-system holds the rest. `find` gets the Secret's
 * name.
 */
export function bootstrapTokens(
  find: (secretName: string) => BootstrapTokenSecret | undefined,
  audiences: readonly string[],
  now: () => number = Date.now,
): TokenAuthenticator {
  return {
    recogniseToken(token, asked) {
      const [, id, secretText] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? []
      if (id === undefined || secretText === undefined) return undefined
      const secret = find(`bootstrap-token-${id}`)
      if (!secret || secret.deleted || secret.type !== 'bootstrap.kubernetes.io/token') return undefined
      const groups = extraGroups(value(secret, 'auth-extra-groups'))
      const good =
        sameText(value(secret, 'token-secret'), secretText) &&
        value(secret, 'token-id') === id &&
        !hasExpired(value(secret, 'expiration'), now()) &&
        value(secret, 'usage-bootstrap-authentication') === 'true'
      if (!good || !groups) return undefined
      return {
        user: { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...groups] },
        audiences: asked.filter((audience) => audiences.includes(audience)),
      }
    },
  }
}

const value = (secret: BootstrapTokenSecret, key: string): string => Buffer.from(secret.data[key] ?? '', 'base64').toString()

/** What cannot be read as a time counts as past. */
const hasExpired = (expiration: string, now: number): boolean => {
  if (expiration === '') return false
  const time = Date.parse(expiration)
  return Number.isNaN(time) || time <= now
}

/** Undefined when one of the groups may not be given. */
const extraGroups = (text: string): string[] | undefined => {
  const groups = [...new Set(text.split(',').flatMap((group) => group.trim() || []))].sort()
  return groups.every((group) => groupPattern.test(group)) ? groups : undefined
}

const sameText = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
