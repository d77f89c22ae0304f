import { createHash } from 'node:crypto'
import type { TokenAuthenticator } from './attempt.js'
import type { UserInfo } from './authenticator.js'

/** Fixed tokens. Looked up by digest, so that the time of a look-up tells nothing of a token but its length. */
export function staticTokens(users: ReadonlyMap<string, UserInfo>, audiences: readonly string[]): TokenAuthenticator {
  const byDigest = new Map([...users].map(([token, user]) => [digest(token), user]))
  const lengths = new Set([...users.keys()].map((token) => token.length))
  return {
    recogniseToken(token, asked) {
      // Tokens of service accounts come by with every request, and are longer by far.
      if (!lengths.has(token.length)) return undefined
      const user = byDigest.get(digest(token))
      return user && { user, audiences: asked.filter((audience) => audiences.includes(audience)) }
    },
  }
}

/**
 * Reads a token file as upstream's `--token-auth-file`: lines of `token,user,uid[,"group,group"]`. Throws on a line
 * with fewer than three columns or an empty token.
 */
export function parseTokenFile(text: string): Map<string, UserInfo> {
  const users = new Map<string, UserInfo>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [token, name, uid, groups] = columns(line)
    if (!token || !name || uid === undefined) throw new Error(`token file line ${index + 1}: need token, user and uid`)
    const groupNames = (groups ?? '').split(',').flatMap((group) => group.trim() || [])
    users.set(token, { name, uid, groups: groupNames })
  }
  return users
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64')

const columns = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)\s*(?:"([^"]*)"|([^,]*))/g)].map((match) => (match[1] ?? match[2] ?? '').trim())
