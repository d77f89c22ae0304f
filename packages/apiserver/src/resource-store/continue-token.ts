import { posix } from 'node:path'
import { errors } from '@treeline/machinery'

/** Where a list goes on. */
export interface ContinueToken {
  /** Revision of the pages before; -1 to go on at the newest. */
  readonly revision: number
  /** First key, below the prefix of the list. */
  readonly start: string
}

/** The token of a list whose last key was `lastKey`, below the list's prefix. */
export function encodeContinueToken(revision: number, lastKey: string): string {
  const start = revision === newest ? `${lastKey}\0` : `/${lastKey}\0`
  return Buffer.from(JSON.stringify({ v: tokenVersion, rv: revision, start })).toString('base64url')
}

/** Reads a token that a client brings. Throws StatusError 400. */
export function decodeContinueToken(text: string): ContinueToken {
  const token = parse(text)
  if (token['v'] !== tokenVersion) throw invalid(`server does not recognize this encoded version ${String(token['v'] ?? '')}`)
  const { rv, start } = token
  if (!Number.isSafeInteger(rv) || rv === 0) throw invalid('incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  if (typeof start !== 'string' || start === '') throw invalid('encoded start key empty (version meta.k8s.io/v1)')
  const rooted = start.startsWith('/') ? start : `/${start}`
  // A key that climbs out of its prefix would list what the client may not see.
  if (posix.normalize(rooted) !== rooted) throw invalid(`${start}`)
  return { revision: Math.max(newest, rv as number), start: rooted.slice(1) }
}

/** `rv` of a token that goes on at the newest revision, whatever has changed since the page before. */
export const newest = -1
const tokenVersion = 'meta.k8s.io/v1'
/** Longer than any key can make it. */
const longestToken = 8192

function parse(text: string): Record<string, unknown> {
  const legal = /^[\w-]*/.exec(text)?.[0].length ?? 0
  if (legal < text.length || legal % 4 === 1 || legal > longestToken) throw invalid(`illegal base64 data at input byte ${legal}`)
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (typeof token === 'object' && token !== null) return token as Record<string, unknown>
  } catch (error) {
    throw invalid((error as Error).message)
  }
  throw invalid('no object')
}

function invalid(problem: string) {
  return errors.badRequest(`invalid continue token: continue key is not valid: ${problem}`)
}
