import type { Kind } from '@treeline/api'
import { type GroupResource, groupVersion, type KubernetesObject } from '@treeline/machinery'
import type { ResourceStore } from '../resource-store/resource-store.js'

/** A kind at one version as it is served: its declaration, and where its objects are. */
export class Resource<T extends KubernetesObject = KubernetesObject> {
  readonly apiVersion: string
  readonly groupResource: GroupResource
  /** How the stored bytes of an object begin, which lists of built-in kinds leave out of their items. */
  readonly typeMeta: Buffer
  private opened: ResourceStore<T> | undefined

  constructor(
    readonly kind: Kind<T>,
    private readonly open: () => ResourceStore<T>,
  ) {
    this.apiVersion = groupVersion(kind.group, kind.version)
    this.groupResource = { group: kind.group, resource: kind.plural }
    this.typeMeta = Buffer.from(`{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(this.apiVersion)},`)
  }

  /** Opened on first use, so that a kind nobody asks for costs nothing. */
  get store(): ResourceStore<T> {
    this.opened ??= this.open()
    return this.opened
  }

  /** Its cache has loaded: reads are served at once. */
  loaded = false

  /** Loads the cache. Rejects when the store cannot be read; the next call tries again. */
  async load(): Promise<void> {
    await this.store.ready
    this.loaded = true
  }

  get namespaced(): boolean {
    return this.kind.scope === 'Namespaced'
  }

  /** `Group` and `Kind` as Invalid errors name them. */
  get groupKind(): { readonly group: string; readonly kind: string } {
    return this.kind
  }
}
