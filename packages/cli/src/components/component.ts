import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Client, createClient, createEventRecorder, type Logger, loadConnection, runAsLeader, tlsTransport } from '@treeline/client'
import { threadLogger } from '../threads/logger.js'

/** Flags that every component over an API server has, as upstream names them. */
export interface ComponentFlags {
  readonly kubeconfig: string | undefined
  readonly leaderElect?: boolean
  readonly json: boolean
}

export interface ComponentContext {
  readonly client: Client
  readonly log: Logger
  /** Aborts on SIGINT and SIGTERM, and when leadership is lost. */
  readonly signal: AbortSignal
}

/** Prints each line of a component, as JSON with `--json`. */
export function componentLogger(component: string, json: boolean): Logger {
  return threadLogger((message) =>
    process.stderr.write(
      json ? `${JSON.stringify({ time: new Date().toISOString(), component, message })}\n` : `${component}: ${message}\n`,
    ),
  )
}

/** Aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
export function untilSignalled(): AbortSignal {
  const abort = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (abort.signal.aborted) process.exit(130)
      abort.abort()
    })
  return abort.signal
}

/** Connects by kubeconfig (or from inside a cluster) and runs until signalled, as the leader when there can be several. Gives the exit code. */
export async function runComponent(
  name: string,
  flags: ComponentFlags,
  run: (context: ComponentContext) => Promise<void>,
): Promise<number> {
  const log = componentLogger(name, flags.json)
  const connection = await loadConnection(flags.kubeconfig === undefined ? {} : { path: flags.kubeconfig })
  const transport = tlsTransport(connection)
  const client = createClient(transport, { userAgent: name })
  const signal = untilSignalled()
  try {
    if (!(flags.leaderElect ?? false)) {
      await run({ client, log, signal })
      return 0
    }
    const events = createEventRecorder({ client, component: name, log })
    const options = { client, namespace: 'kube-system', name, identity: `${hostname()}_${randomUUID()}`, events, log }
    await runAsLeader(options, (leading) => run({ client, log, signal: leading }), signal)
    await events.close()
    if (signal.aborted) return 0
    log.error('leaderelection lost')
    return 1
  } finally {
    await transport.close()
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
