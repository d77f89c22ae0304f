/**
 * Delays that double per key and are forgotten when a key was quiet for long enough. The first start after a failure is
 * immediate; from the second on the delay counts from when the thing ended.
 */
export class BackOff {
  readonly #entries = new Map<string, { delay: number; at: number }>()

  /** Milliseconds. */
  constructor(
    private readonly initial: number,
    private readonly most: number,
  ) {}

  /** The current delay of the key, 0 when there is none. */
  delay(key: string): number {
    return this.#entries.get(key)?.delay ?? 0
  }

  /** When the next try is allowed, or undefined when it is allowed now. `since` is when the last one ended. */
  blockedUntil(key: string, since: number, now: number): number | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || since - entry.at > 2 * this.most) return undefined
    const until = since + entry.delay
    return until > now ? until : undefined
  }

  /** As `blockedUntil`, counting from when the delay was raised last. */
  blockedSinceRaise(key: string, now: number): number | undefined {
    return this.blockedUntil(key, this.#entries.get(key)?.at ?? now, now)
  }

  /** Raises the delay for the next time. */
  raise(key: string, at: number): void {
    const entry = this.#entries.get(key)
    const fresh = entry === undefined || at - entry.at > 2 * this.most
    this.#entries.set(key, { delay: fresh ? this.initial : Math.min(entry.delay * 2, this.most), at })
  }

  /** Drops every key that starts so. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key)
  }
}
