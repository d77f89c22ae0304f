import { get } from 'node:http'
import { connect } from 'node:net'

export interface HealthTarget {
  readonly instance: string
  readonly address: string
  readonly check: { readonly type: 'tcp'; readonly port: number } | { readonly type: 'http'; readonly port: number; readonly path: string }
}

/** Probes backends at an interval; a backend is healthy until two probes in a row fail, and unhealthy until one succeeds. */
export interface HealthMonitor {
  isHealthy(instance: string): boolean
  failures(instance: string): number
  stop(): void
}

const interval = 2_000
const probeTimeout = 1_000
const unhealthyAfter = 2
const parallel = 32

/** `previous` hands over what was known of targets that stay. */
export function monitorHealth(targets: readonly HealthTarget[], previous?: HealthMonitor): HealthMonitor {
  const failures = new Map(targets.map((target) => [target.instance, previous?.failures(target.instance) ?? 0]))
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function pass(): Promise<void> {
    let next = 0
    const worker = async (): Promise<void> => {
      for (let target = targets[next++]; target && !stopped; target = targets[next++]) {
        const well = await probe(target)
        failures.set(target.instance, well ? 0 : (failures.get(target.instance) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: Math.min(parallel, targets.length) }, worker))
    if (!stopped) timer = setTimeout(() => void pass(), interval).unref()
  }
  if (targets.length > 0) void pass()

  return {
    isHealthy: (instance) => (failures.get(instance) ?? unhealthyAfter) < unhealthyAfter,
    failures: (instance) => failures.get(instance) ?? 0,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function probe({ address, check }: HealthTarget): Promise<boolean> {
  return new Promise((resolve) => {
    if (check.type === 'tcp') {
      const socket = connect({ host: address, port: check.port, timeout: probeTimeout })
      const end = (well: boolean): void => {
        socket.destroy()
        resolve(well)
      }
      socket
        .once('connect', () => end(true))
        .once('error', () => end(false))
        .once('timeout', () => end(false))
      return
    }
    const request = get({ host: address, port: check.port, path: check.path, timeout: probeTimeout, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.once('error', () => resolve(false)).once('timeout', () => request.destroy())
  })
}
