import {
  type Client,
  type Clock,
  type ControllerDefinition,
  Informers,
  type Logger,
  type MetricRegistry,
  type RunningControllers,
  runControllers,
  systemClock,
} from '@treeline/client'
import { type ControllerSettings, controllerTable } from './controller-table.js'

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
  const { clock = systemClock, identities = 'service-accounts' } = options
  const own = client.as(fieldManager)
  const informers = options.informers ?? new Informers(own, { ...options, clock })
  const clients = new Map<ControllerDefinition, Client>()
  for (const { name, account, make } of controllerTable) {
    if (!isEnabled(name, options.controllers ?? ['*'])) continue
    const definition = make(options, clock)
    if (!definition) continue
    const user = { user: `system:serviceaccount:kube-system:${account}` }
    clients.set(definition, identities === 'service-accounts' ? own.impersonate(user) : own)
  }
  const running = runControllers([...clients.keys()], {
    client: own,
    clientOf: (definition) => clients.get(definition) ?? own,
    informers,
    clock,
    random: options.random,
    log: options.log,
    metrics: options.metrics,
  })
  return {
    ready: running.ready,
    get idle() {
      return running.idle
    },
    async stop() {
      await running.stop()
      if (!options.informers) await informers.close()
    },
  }
}

function isEnabled(name: string, patterns: readonly string[]): boolean {
  for (const pattern of patterns) {
    const plain = pattern.replace(/^-/, '')
    if (plain !== '*' && !controllerTable.some((entry) => entry.name === plain))
      throw new Error(`there is no controller ${JSON.stringify(plain)}`)
  }
  if (patterns.includes(name)) return true
  if (patterns.includes(`-${name}`)) return false
  return patterns.includes('*')
}
