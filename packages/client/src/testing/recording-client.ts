import { deepCopy, errors, groupVersion, type KubernetesObject, randomSuffix } from '@treeline/machinery'
import type {
  Client,
  DeleteOptions,
  GetOptions,
  ListOptions,
  ObjectKey,
  ObjectList,
  Patch,
  ResourceKind,
  WatchEvent,
  WriteOptions,
} from '../client.js'
import { keyOf } from '../informer/indexed-store.js'
import { TransportError, type TransportRequest, type TransportResponse } from '../transport.js'
import { patched } from './apply-patch.js'

/** One write, or one read of a single object, as it was asked for. */
export interface Action {
  readonly verb: 'get' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'
  /** Kind, such as `Pod`. */
  readonly kind: string
  /** `namespace/name` or `name`; of creates with generateName, the prefix. */
  readonly key: string
  readonly subresource?: string
  readonly object?: KubernetesObject
  readonly patch?: Patch
  readonly options?: DeleteOptions
}

/** Answers matching requests with an error, `times` times or for ever. */
export interface FailureRule {
  readonly verb?: Action['verb']
  readonly kind?: string
  readonly key?: string
  readonly subresource?: string
  readonly error: Error
  readonly times?: number
}

/** Shared by all worlds: no two objects of a process have the same uid. */
let uids = 0

/**
 * A world of objects in memory that records what is asked of it. It keeps resourceVersions and finalizers, no more:
 * no defaults, no validation, no admission.
 */
export class RecordingClient implements Client {
  readonly actions: Action[] = []
  private readonly objects = new Map<string, Map<string, KubernetesObject>>()
  private readonly rules: { rule: FailureRule; left: number }[] = []
  private version = 100

  constructor(
    objects: readonly KubernetesObject[] = [],
    private readonly now: () => number = Date.now,
  ) {
    for (const object of objects) this.put(deepCopy(object))
  }

  /** The writes, without the reads. */
  get writes(): readonly Action[] {
    return this.actions.filter((action) => action.verb !== 'get')
  }

  fail(rule: FailureRule): void {
    this.rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY })
  }

  /** All objects of the world. */
  all(): KubernetesObject[] {
    return [...this.objects.values()].flatMap((byKey) => [...byKey.values()])
  }

  /** Puts an object into the world as if someone else had written it. */
  put<T extends KubernetesObject>(object: T): T {
    const stored = object
    stored.metadata = { ...stored.metadata, resourceVersion: String(++this.version) }
    stored.metadata.uid ??= `uid-${++uids}`
    stored.metadata.creationTimestamp ??= this.time()
    this.ofType(typeOf(object)).set(keyOf(object), stored)
    return stored
  }

  /** Takes an object out of the world as if someone else had deleted it. */
  drop(object: KubernetesObject): void {
    this.ofType(typeOf(object)).delete(keyOf(object))
  }

  /** The object of the world, without recording. */
  peek<T extends KubernetesObject>(kind: ResourceKind<T>, key: string): T | undefined {
    return this.ofType(typeOfKind(kind)).get(key) as T | undefined
  }

  async get<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, _options?: GetOptions): Promise<T> {
    this.record({ verb: 'get', kind: kind.kind, key: text(kind, key) })
    return deepCopy(this.existing(kind, key))
  }

  async list<T extends KubernetesObject>(kind: ResourceKind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const all = [...this.ofType(typeOfKind(kind)).values()] as T[]
    const items = all.filter((object) => options.namespace === undefined || object.metadata.namespace === options.namespace)
    return { items: deepCopy(items), resourceVersion: String(this.version) }
  }

  /** The state of the world, then nothing until the signal aborts. */
  async *watch<T extends KubernetesObject>(kind: ResourceKind<T>, options: { signal?: AbortSignal }): AsyncGenerator<WatchEvent<T>> {
    for (const object of (await this.list(kind, options)).items) yield { type: 'ADDED', object }
    yield { type: 'BOOKMARK', resourceVersion: String(this.version), initialEventsEnd: true }
    const { signal } = options
    if (!signal?.aborted) await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }))
  }

  async create<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, _options?: WriteOptions): Promise<T> {
    const created = deepCopy(object)
    const { generateName = '' } = created.metadata
    this.record({ verb: 'create', kind: kind.kind, key: created.metadata.name ? keyOf(created) : prefixed(created, generateName), object })
    created.metadata.name ??= generateName + randomSuffix(5)
    created.apiVersion ??= groupVersion(kind.group, kind.version)
    created.kind ??= kind.kind
    if (this.ofType(typeOfKind(kind)).has(keyOf(created))) throw errors.alreadyExists(resourceOf(kind), created.metadata.name)
    return deepCopy(this.put(created))
  }

  async update<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    object: T,
    options: WriteOptions & { subresource?: string } = {},
  ): Promise<T> {
    const { subresource } = options
    this.record({ verb: 'update', kind: kind.kind, key: keyOf(object), object, ...(subresource && { subresource }) })
    const { namespace, name = '', resourceVersion } = object.metadata
    const current = this.existing(kind, { namespace, name })
    if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) throw errors.conflict(resourceOf(kind), name)
    return deepCopy(this.settle(kind, deepCopy(object)))
  }

  updateStatus<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options?: WriteOptions): Promise<T> {
    return this.update(kind, object, { ...options, subresource: 'status' })
  }

  async patch<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    key: ObjectKey,
    patch: Patch,
    options: WriteOptions & { subresource?: string } = {},
  ): Promise<T> {
    const { subresource } = options
    this.record({ verb: 'patch', kind: kind.kind, key: text(kind, key), patch, ...(subresource && { subresource }) })
    const current = this.existing(kind, key)
    return deepCopy(this.settle(kind, patched(kind, current, patch)))
  }

  async delete<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const { signal: _, ...asked } = options
    this.record({ verb: 'delete', kind: kind.kind, key: text(kind, key), options: asked })
    const current = this.existing(kind, key)
    const { preconditions } = options
    const { uid = current.metadata.uid, resourceVersion = current.metadata.resourceVersion } = preconditions ?? {}
    if (uid !== current.metadata.uid || resourceVersion !== current.metadata.resourceVersion)
      throw errors.conflict(resourceOf(kind), key.name)
    if (!current.metadata.finalizers?.length) return this.drop(current)
    const deleted = deepCopy(current)
    deleted.metadata.deletionTimestamp ??= this.time()
    this.put(deleted)
  }

  async deleteCollection<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    options: ListOptions & { delete?: DeleteOptions },
  ): Promise<void> {
    this.record({ verb: 'deletecollection', kind: kind.kind, key: options.namespace ?? '', options: options.delete })
    for (const object of (await this.list(kind, options)).items) {
      await this.delete(kind, { namespace: object.metadata.namespace, name: object.metadata.name ?? '' }, options.delete)
    }
  }

  async getSubresource<R>(kind: ResourceKind, key: ObjectKey, _subresource: string): Promise<R> {
    return (await this.get(kind, key)) as R
  }

  async createSubresource<R>(kind: ResourceKind, key: ObjectKey, subresource: string, body: object): Promise<R> {
    this.record({ verb: 'create', kind: kind.kind, key: text(kind, key), subresource, object: body as KubernetesObject })
    return body as R
  }

  async raw(request: TransportRequest): Promise<TransportResponse> {
    throw new TransportError('connection', `${request.method} ${request.path}: there is no server behind a recording client`)
  }

  as(): Client {
    return this
  }

  impersonate(): Client {
    return this
  }

  private record(action: Action): void {
    this.actions.push(deepCopy(action))
    const match = this.rules.find(({ rule, left }) => left > 0 && matches(rule, action))
    if (!match) return
    match.left--
    throw match.rule.error
  }

  /** Stores a written object, or lets it go when its last finalizer is gone. */
  private settle<T extends KubernetesObject>(_kind: ResourceKind<T>, object: T): T {
    if (object.metadata.deletionTimestamp && !object.metadata.finalizers?.length) this.drop(object)
    else this.put(object)
    return object
  }

  private existing<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey): T {
    const object = this.ofType(typeOfKind(kind)).get(text(kind, key))
    if (!object) throw errors.notFound(resourceOf(kind), key.name)
    return object as T
  }

  private ofType(type: string): Map<string, KubernetesObject> {
    const byKey = this.objects.get(type) ?? new Map<string, KubernetesObject>()
    this.objects.set(type, byKey)
    return byKey
  }

  private time(): string {
    return `${new Date(this.now()).toISOString().slice(0, 19)}Z`
  }
}

const typeOf = (object: KubernetesObject) => `${object.apiVersion} ${object.kind}`
const typeOfKind = (kind: ResourceKind) => `${groupVersion(kind.group, kind.version)} ${kind.kind}`
const resourceOf = (kind: ResourceKind) => ({ group: kind.group, resource: kind.plural })
const prefixed = (object: KubernetesObject, prefix: string) =>
  object.metadata.namespace ? `${object.metadata.namespace}/${prefix}` : prefix
const text = (kind: ResourceKind, key: ObjectKey) =>
  kind.scope === 'Namespaced' && key.namespace ? `${key.namespace}/${key.name}` : key.name

function matches(rule: FailureRule, action: Action): boolean {
  return (['verb', 'kind', 'key', 'subresource'] as const).every((field) => rule[field] === undefined || rule[field] === action[field])
}
