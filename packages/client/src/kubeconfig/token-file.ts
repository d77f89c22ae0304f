import { readFile } from 'node:fs/promises'
import type { Clock } from '../time/clock.js'
import { KubeconfigError } from './kubeconfig-error.js'

/** A token file is read again after this time, in milliseconds: its writer replaces it before it expires. */
const freshFor = 60_000

/** The token in a file, re-read once a minute. When reading fails, the last token known is given. */
export function fileToken(file: string, clock: Clock): () => Promise<string> {
  let token: string | undefined
  let readAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (token !== undefined && clock.now() - readAt < freshFor) return token
    try {
      token = (await readFile(file, 'utf8')).trim()
      readAt = clock.now()
    } catch (cause) {
      if (token === undefined) throw new KubeconfigError(`cannot read token file ${file}: ${(cause as Error).message}`, { cause })
    }
    return token
  }
}
