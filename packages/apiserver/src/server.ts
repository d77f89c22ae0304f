import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { builtinKinds, type Kind } from '@treeline/api'
import type { Store } from '@treeline/storage'
import type { AdmissionPlugin } from './admission/admission.js'
import type { Authenticator, UserInfo } from './authentication/authenticator.js'
import type { Authorizer } from './authorization/authorizer.js'
import { orderedVersions } from './discovery/group-order.js'
import { serveRootPaths } from './discovery/root-paths.js'
import { serveDiscovery } from './discovery/serve-discovery.js'
import { serveVersion } from './discovery/version.js'
import { Health, type HealthCheck, serveHealth } from './health/health.js'
import { notFoundPage } from './http/not-found.js'
import { OpenRequests } from './http/open-requests.js'
import { pipeline, type Stage } from './http/pipeline.js'
import { servePort } from './http/port-listener.js'
import { auditId } from './http/stages/audit-id.js'
import { authentication } from './http/stages/authentication.js'
import { authorization } from './http/stages/authorization.js'
import { deadline } from './http/stages/deadline.js'
import { impersonation } from './http/stages/impersonation.js'
import { defaultInFlightLimits, InFlight } from './http/stages/in-flight.js'
import { requestInfo } from './http/stages/request-info.js'
import { listenTls, type TlsListener, type TlsMaterial } from './http/tls-listener.js'
import { MetricRegistry } from './metrics/metric-registry.js'
import { observeServer } from './metrics/observe-server.js'
import { requestMetrics } from './metrics/request-metrics.js'
import { serveMetrics } from './metrics/serve-metrics.js'
import { serveOpenApi } from './openapi/serve-openapi.js'
import { AdmissionChain } from './registry/admission-chain.js'
import type { ApiInternals } from './registry/internals.js'
import { OpenWatches } from './registry/open-watches.js'
import type { Registry } from './registry/registry.js'
import { registryInternals } from './registry/registry-internals.js'
import { serveResources } from './registry/serve-resource.js'
import { ServedKinds } from './registry/served-kinds.js'
import type { SubresourceHandler } from './registry/subresource-handler.js'
import type { WriteHooks } from './registry/write-hooks.js'
import { ResourceStores } from './resource-store/resource-stores.js'

export interface ApiServerOptions {
  readonly store: Store
  /** Where to listen; absent: only in this process. */
  readonly listen?: { readonly host: string; readonly port: number; readonly tls: TlsMaterial }
  /** Kinds to serve; the built-in ones when absent. */
  readonly kinds?: readonly Kind[]
  /** Everything that is built on the registry, made once it is there. */
  readonly parts: (foundation: Foundation) => ServerParts | Promise<ServerParts>
  /** Milliseconds that a request may take. */
  readonly requestTimeout?: number
  readonly now?: () => number
}

/** What the parts of a server build on. */
export interface Foundation {
  readonly internals: ApiInternals
  /** The table of kinds, for custom resources to come and go. */
  readonly kinds: ServedKinds
  /** Where the objects of those kinds are. */
  readonly stores: ResourceStores
  readonly health: Health
  readonly metrics: MetricRegistry
  /** The port the server listens on; 0 before it does. */
  readonly port: () => number
}

/** What makes a registry a server of a certain cluster. */
export interface ServerParts {
  readonly authenticator: Authenticator
  readonly authorizer: Authorizer
  readonly admission?: readonly AdmissionPlugin[]
  readonly subresources?: readonly SubresourceHandler[]
  readonly hooks?: readonly WriteHooks[]
  /** Stages that answer paths of their own, asked before all others. They leave a request alone by not answering it. */
  readonly paths?: readonly Stage[]
  /** The names of those paths, for `/`. */
  readonly pathNames?: readonly string[]
  readonly checks?: readonly HealthCheck[]
  /** Runs once the server answers; `/readyz` waits for it. Named as upstream names its hooks. */
  readonly startup?: readonly StartupStep[]
  close?(): Promise<void> | void
}

export interface StartupStep {
  readonly name: string
  run(): Promise<void>
}

export interface ApiServer {
  /** `https://host:port`; empty without a listener. */
  readonly url: string
  readonly port: number
  readonly internals: ApiInternals
  /** Resolves when all of start-up is done; rejects with its first failure. */
  readonly ready: Promise<void>
  /** The server's end of a connection in this process, for one identity. The port given back goes to the client. */
  connectLocal(user: UserInfo): MessagePort
  /** Serves a port that somebody else made. */
  servePort(port: MessagePort, user: UserInfo): void
  /** Stops taking requests, lets those under way finish, ends watches and lets go of everything. The store stays open. */
  close(): Promise<void>
}

const defaultRequestTimeout = 60_000
const eventTimeToLive = 3600
const drainTime = 3_000

/** Starts an API server over a store. Rejects when it cannot listen. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { store, now = Date.now, requestTimeout = defaultRequestTimeout } = options
  const kinds = new ServedKinds()
  const stores = new ResourceStores(store, { timeToLive: (kind) => (kind.storagePrefix === 'events' ? eventTimeToLive : undefined) })
  for (const kind of options.kinds ?? builtinKinds) kinds.add(kind, () => stores.of(kind))
  const health = new Health()
  const metrics = new MetricRegistry()
  const registry: Registry = {
    kinds,
    admission: new AdmissionChain([]),
    hooks: [],
    watches: new OpenWatches(),
    now,
  }
  const internals = registryInternals(registry, (group) => orderedVersions(kinds, group)[0])
  for (const name of ['ping', 'log']) health.add({ name, check: () => undefined })
  health.add({ name: 'etcd', check: async () => void (await store.latest()) })
  health.add({ name: 'etcd-readiness', check: async () => void (await store.latest()), only: 'readyz' })

  let listener: TlsListener | undefined
  const parts = await options.parts({ internals, kinds, stores, health, metrics, port: () => listener?.port ?? 0 })
  registry.admission = new AdmissionChain(parts.admission ?? [])
  registry.hooks = parts.hooks ?? []
  for (const check of parts.checks ?? []) health.add(check)
  const steps = (parts.startup ?? []).map((step) => ({ step, finish: health.addPending(`poststarthook/${step.name}`) }))
  let closing = false
  health.add({
    name: 'shutdown',
    only: 'readyz',
    check: () => {
      if (closing) throw new Error('shutting down')
    },
  })

  const inFlight = new InFlight(defaultInFlightLimits)
  const openRequests = new OpenRequests()
  const { authenticator, authorizer } = parts
  const address = () => (listener ? `${options.listen?.host}:${listener.port}` : 'localhost')
  const stages: Stage[] = [
    auditId,
    requestInfo,
    deadline(requestTimeout),
    authentication(authenticator),
    impersonation(authorizer),
    inFlight.stage,
    authorization(authorizer),
    ...(parts.paths ?? []),
    serveResources({ registry, internals, authorizer, subresources: parts.subresources ?? [] }),
    serveDiscovery(kinds, address),
    serveOpenApi(kinds),
    serveRootPaths(kinds, health, parts.pathNames ?? []),
    serveVersion,
    serveHealth(health),
    serveMetrics(metrics),
    notFoundPage,
  ]
  const handle = pipeline(stages, [inFlight, openRequests, requestMetrics(metrics, kinds)], now)
  observeServer(metrics, registry, inFlight)

  if (options.listen) listener = await listenTls(options.listen, options.listen.tls, handle)
  const ports = new Set<() => void>()
  const serve = (port: MessagePort, user: UserInfo) => {
    const stop = servePort(port, user, handle)
    ports.add(stop)
    port.once('close', () => ports.delete(stop))
  }
  const ready = Promise.all(steps.map(({ step, finish }) => step.run().then(finish))).then(() => undefined)
  // Whoever does not wait for it learns of a failure at /readyz.
  ready.catch(() => undefined)

  return {
    url: listener ? `https://${address()}` : '',
    port: listener?.port ?? 0,
    internals,
    ready,
    connectLocal(user) {
      const { port1, port2 } = new MessageChannel()
      serve(port1, user)
      return port2
    },
    servePort: serve,
    async close() {
      closing = true
      listener?.drain()
      registry.watches.stop()
      await openRequests.drained(drainTime)
      for (const stop of ports) stop()
      await listener?.close()
      await parts.close?.()
      stores.close()
    },
  }
}
