/**
 * A script of requests, as data. Played against two servers it gives two lists of answers, which must be equal.
 * `$NS` is a namespace of the script's own, `$CLUSTER` a label for cluster-scoped names, and `save` makes more.
 */
export interface Script {
  readonly name: string
  readonly steps: readonly Step[]
}

export interface Step {
  /** Method and path, such as `POST /api/v1/namespaces/$NS/configmaps`. */
  readonly do: string
  readonly body?: unknown
  /** Content-Type; JSON by default. */
  readonly type?: string
  readonly accept?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Impersonated user. */
  readonly as?: string
  /** Paths of the answer that are compared; all of it by default. */
  readonly pick?: readonly string[]
  /** Milliseconds to wait before. */
  readonly wait?: number
  /** A watch: how long to listen, in milliseconds. */
  readonly watchMs?: number
  /** Variables taken from the answer, by path. */
  readonly save?: Readonly<Record<string, string>>
  /** The answer is not compared. */
  readonly quiet?: boolean
}

/** One answer, normalised. */
export interface Answer {
  readonly code: number
  readonly type: string
  readonly warning?: unknown
  readonly body: unknown
}
