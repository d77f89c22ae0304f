import type { IncomingHttpHeaders } from 'node:http'

/** Headers that say for whom a request is made, and that may be repeated. */
const prefixes = ['impersonate-', 'x-remote-']

/**
 * The headers with those of identity as lists where they were repeated. Node joins repeated headers with commas, and a
 * group can have a comma in its name: who reads `a, system:masters` must know whether it is one group or two.
 */
export function withIdentityHeaders<T extends IncomingHttpHeaders>(headers: T, raw: readonly string[]): T {
  let separated: Record<string, string | string[]> | undefined
  for (const name in headers) {
    if (!prefixes.some((prefix) => name.startsWith(prefix))) continue
    const values = raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name)
    if (values.length < 2) continue
    separated ??= {}
    separated[name] = values
  }
  return separated ? { ...headers, ...separated } : headers
}
