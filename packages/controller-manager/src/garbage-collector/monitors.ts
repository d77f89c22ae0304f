import {
  type Client,
  type Clock,
  type DiscoveredResource,
  discover,
  type Informers,
  type Logger,
  preferredResources,
} from '@treeline/client'
import type { KubernetesObject } from '@treeline/machinery'
import { ResourceMapper } from './resource-mapper.js'

export interface MonitorsOptions {
  readonly client: Client
  readonly informers: Informers
  readonly clock: Clock
  readonly log: Logger
  readonly observed: (resource: DiscoveredResource, object: KubernetesObject, old: KubernetesObject | undefined) => void
  readonly removed: (object: KubernetesObject) => void
}

/** Resources of which nothing can be owned in a way that matters. */
const ignored = new Set(['events.', 'events.events.k8s.io'])
/** How often the server is asked what it has, in milliseconds. */
const refreshInterval = 30_000
/** A resource that cannot be listed for this long does not hold up the others any more, in milliseconds. */
const patience = 30_000

interface Monitor {
  readonly resource: DiscoveredResource
  readonly since: number
  readonly synced: () => boolean
  readonly stop: () => void
}

/** Watches every resource of the server that can be listed, watched and deleted; what comes and goes is followed. */
export class Monitors {
  mapper = new ResourceMapper([])
  private readonly monitors = new Map<string, Monitor>()
  private cancelRefresh: (() => void) | undefined
  private closed = false

  constructor(private readonly options: MonitorsOptions) {}

  /** Begins; resolves when the resources known at first are all watched. */
  async start(signal: AbortSignal): Promise<void> {
    await this.refresh(signal)
    this.schedule(signal)
  }

  /** All objects there are have been seen, but for resources that have not answered for long. */
  get complete(): boolean {
    const now = this.options.clock.now()
    for (const { synced, since } of this.monitors.values()) if (!synced() && now - since < patience) return false
    return true
  }

  async close(): Promise<void> {
    this.closed = true
    this.cancelRefresh?.()
    await Promise.all([...this.monitors.keys()].map((id) => this.drop(id)))
  }

  /** The object of a resource as last seen. */
  seen(resource: { readonly plural: string; readonly group: string }, key: string): KubernetesObject | undefined {
    const monitor = this.monitors.get(`${resource.plural}.${resource.group}`)
    return monitor && this.options.informers.metadataInformer(monitor.resource).get(key)
  }

  private schedule(signal: AbortSignal): void {
    this.cancelRefresh = this.options.clock.after(refreshInterval, () => {
      this.refresh(signal).catch((error: unknown) => this.options.log.warn('cannot discover resources', { error: String(error) }))
      if (!this.closed) this.schedule(signal)
    })
  }

  private async refresh(signal: AbortSignal): Promise<void> {
    const { resources, failures } = await discover(this.options.client, signal)
    if (this.closed) return
    this.mapper = new ResourceMapper(resources)
    const wanted = new Map(preferredResources(resources.filter(isWanted)).map((resource) => [idOf(resource), resource]))
    for (const [id, { resource }] of this.monitors) {
      const { group, version } = resource
      const unknown = failures.has(group === '' ? version : `${group}/${version}`)
      const current = wanted.get(id)
      if (unknown || current?.version === version) continue
      await this.drop(id)
    }
    for (const [id, resource] of wanted) if (!this.monitors.has(id)) this.add(id, resource)
  }

  private add(id: string, resource: DiscoveredResource): void {
    const { informers, clock, observed, removed } = this.options
    const informer = informers.metadataInformer(resource)
    const stop = informer.subscribe((event) => {
      if (event.type === 'deleted') removed(event.object)
      else observed(resource, event.object, event.old)
    })
    this.monitors.set(id, { resource, since: clock.now(), synced: () => informer.synced, stop })
  }

  private async drop(id: string): Promise<void> {
    const monitor = this.monitors.get(id)
    if (!monitor) return
    this.monitors.delete(id)
    monitor.stop()
    await this.options.informers.forgetMetadata(monitor.resource)
  }
}

const idOf = ({ plural, group }: DiscoveredResource) => `${plural}.${group}`

function isWanted(resource: DiscoveredResource): boolean {
  return !ignored.has(idOf(resource)) && ['list', 'watch', 'delete'].every((verb) => resource.verbs.includes(verb))
}
