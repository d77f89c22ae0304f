/** What one run of a probe found. `unknown` is a failure of the prober, which counts for nothing. */
export interface ProbeOutcome {
  readonly result: 'success' | 'warning' | 'failure' | 'unknown'
  readonly output: string
}

/** Where a port of a pod is dialled; the same place unless the runtime moved it. */
export type PodEndpoint = (address: string, port: number) => { readonly host: string; readonly port: number }

/** Longest output that is kept, in bytes. */
export const longestOutput = 10 * 1024

/** A failed dial in the words of Go's net package, as users know them. */
export function dialError(address: string, port: number, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connect: connection refused',
    ECONNRESET: 'read: connection reset by peer',
    EHOSTUNREACH: 'connect: no route to host',
    ENETUNREACH: 'connect: network is unreachable',
    ETIMEDOUT: 'i/o timeout',
  }
  return `dial tcp ${joinHostPort(address, port)}: ${words[code ?? ''] ?? message}`
}

export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
