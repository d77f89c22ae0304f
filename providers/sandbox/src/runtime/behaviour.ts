/**
 * What a pod may ask of its simulated containers, as annotations of the pod. Each key may carry `.<container name>` to
 * speak of one container; the longer key wins.
 */
export interface Behaviour {
  /** Exit code of the main process, used when `exitAfter` passes or, without that, when a server is asked to stop. */
  readonly exitCode: number | undefined
  /** Milliseconds of running after which the main process exits. */
  readonly exitAfter: number | undefined
  /** Milliseconds between start and the first port that answers. */
  readonly startDelay: number
  /** Why starting fails. */
  readonly startError: string | undefined
  /** Status of every HTTP answer. */
  readonly httpStatus: number
  /** TCP ports that send back what they get, instead of HTTP. */
  readonly echoPorts: ReadonlySet<number>
  /** Does not react to the stop signal, only to the kill after the grace period. */
  readonly ignoresStop: boolean
  /** Milliseconds between lines that the container prints; 0 prints none. */
  readonly logInterval: number
}

const prefix = 'sandbox.treeline.dev/'

/** Annotation keys, without their prefix. */
export const behaviourKeys = [
  'exit-code',
  'exit-after',
  'start-delay',
  'start-error',
  'http-status',
  'tcp-echo',
  'ignore-stop',
  'log-interval',
] as const
type BehaviourKey = (typeof behaviourKeys)[number]

/** Reads the annotations of a pod for one of its containers. A value that makes no sense counts as absent. */
export function behaviourOf(annotations: Readonly<Record<string, string>>, container: string): Behaviour {
  const read = (key: BehaviourKey) => annotations[`${prefix}${key}.${container}`] ?? annotations[`${prefix}${key}`]
  return {
    exitCode: integer(read('exit-code'), 0, 255),
    exitAfter: duration(read('exit-after')),
    startDelay: duration(read('start-delay')) ?? 0,
    startError: read('start-error'),
    httpStatus: integer(read('http-status'), 100, 599) ?? 200,
    echoPorts: new Set((read('tcp-echo') ?? '').split(',').flatMap((port) => integer(port.trim(), 1, 65_535) ?? [])),
    ignoresStop: read('ignore-stop') === 'true',
    logInterval: duration(read('log-interval')) ?? 0,
  }
}

function integer(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `1h2m3.5s` in milliseconds; a bare number is seconds. */
export function duration(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text.length > 64) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) total += Number(amount) * (units[unit ?? ''] ?? 0)
  return total
}
