import {
  type Client,
  type Clock,
  type ControllerDefinition,
  Informers,
  type Logger,
  type MetricRegistry,
  type RunningControllers,
  runControllers,
  silentLogger,
  systemClock,
} from '@treeline/client'
import { type ControllerEntry, type ControllerSettings, controllerTable } from './controller-table.js'

export interface StartControllersOptions extends ControllerSettings {
  /** `*` for all, `name` to add one, `-name` to leave one out; all by default. */
  readonly controllers?: readonly string[]
  /**
   * Whom each controller acts as: its own ServiceAccount in kube-system, by impersonation, or whoever the client is.
   * Its own by default; that needs the permission to impersonate.
   */
  readonly identities?: 'service-accounts' | 'client'
  /** Informers shared with other parts of this process. */
  readonly informers?: Informers
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
  readonly metrics?: MetricRegistry
}

/** User-Agent and field manager, as upstream's, so that objects change hands without a new owner of fields. */
const fieldManager = 'kube-controller-manager'

/** Runs the built-in controllers in this process until `stop`. Throws on a controller name that does not exist. */
export function startControllers(client: Client, options: StartControllersOptions = {}): RunningControllers {
  const { clock = systemClock, random = Math.random, log = silentLogger, metrics, identities = 'service-accounts' } = options
  const own = client.as(fieldManager)
  const informers = options.informers ?? new Informers(own, { clock, random, log })
  const entries = enabledEntries(options.controllers ?? ['*'])
  const clientOf = (account: string) =>
    identities === 'service-accounts' ? own.impersonate({ user: `system:serviceaccount:kube-system:${account}` }) : own
  const clients = new Map<ControllerDefinition, Client>()
  for (const { account, make } of entries) {
    const made = make?.(options, clock, informers) ?? []
    for (const definition of Array.isArray(made) ? made : [made]) clients.set(definition, clientOf(account))
  }
  const running = [
    runControllers([...clients.keys()], {
      client: own,
      clientOf: (definition) => clients.get(definition) ?? own,
      informers,
      clock,
      random,
      log,
      metrics,
    }),
    ...entries.flatMap(({ account, start }) => (start ? [start({ client: clientOf(account), informers, clock, random, log })] : [])),
  ]
  return {
    ready: Promise.all(running.map(({ ready }) => ready)).then(() => undefined),
    get idle() {
      return running.every(({ idle }) => idle)
    },
    async stop() {
      await Promise.all(running.map((each) => each.stop()))
      if (!options.informers) await informers.close()
    },
  }
}

/** Throws on a name that does not exist. */
function enabledEntries(patterns: readonly string[]): ControllerEntry[] {
  for (const pattern of patterns) {
    const name = pattern.replace(/^-/, '')
    if (name !== '*' && !controllerTable.some((entry) => entry.name === name))
      throw new Error(`there is no controller ${JSON.stringify(name)}`)
  }
  return controllerTable.filter(
    ({ name, offByDefault }) => patterns.includes(name) || (patterns.includes('*') && !offByDefault && !patterns.includes(`-${name}`)),
  )
}
