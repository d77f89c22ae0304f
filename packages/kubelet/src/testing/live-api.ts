import { Node, Pod } from '@treeline/api'
import {
  type Client,
  type DeleteOptions,
  keyOf,
  type ListOptions,
  type ObjectKey,
  type Patch,
  type ResourceKind,
  type WatchEvent,
  type WatchOptions,
} from '@treeline/client'
import { RecordingClient } from '@treeline/client/testing'
import { applyStrategicMergePatch, deepCopy, type KubernetesObject, parseFieldSelector } from '@treeline/machinery'
import { podKind } from '../kinds.js'

interface Watcher {
  readonly kind: string
  readonly options: ListOptions
  readonly events: WatchEvent<KubernetesObject>[]
  /** Keys that this watcher knows of. */
  readonly known: Set<string>
  wake(): void
}

/**
 * An API server for tests of the agent: the recording client with watches that go on, field selectors, real strategic
 * merge of statuses, and graceful deletion of pods. It has what an agent relies on and nothing else.
 */
export class LiveApi {
  readonly recording = new RecordingClient()
  readonly client: Client
  readonly #watchers = new Set<Watcher>()

  constructor() {
    const { recording } = this
    this.client = {
      get: (kind, key, options) => recording.get(kind, key, options),
      list: async (kind, options = {}) => {
        const all = await recording.list(kind, options)
        return { ...all, items: all.items.filter((object) => selected(object, options)) }
      },
      watch: (kind, options) => this.#watch(kind, options),
      create: async (kind, object, options) => this.#tell(kind, await recording.create(kind, object, options)),
      update: async (kind, object, options) => this.#tell(kind, await recording.update(kind, object, options)),
      updateStatus: async (kind, object, options) => this.#tell(kind, await recording.updateStatus(kind, object, options)),
      patch: async (kind, key, patch, options) => {
        const patched = await recording.patch(kind, key, this.#asMerge(kind, key, patch), options)
        // A pod that is being deleted stays until its agent lets it go; the recording client knows finalizers only.
        return this.#tell(kind, patched.metadata.deletionTimestamp ? recording.put(patched) : patched)
      },
      delete: (kind, key, options) => this.#delete(kind, key, options),
      deleteCollection: (kind, options) => recording.deleteCollection(kind, options),
      getSubresource: (kind, key, subresource) => recording.getSubresource(kind, key, subresource),
      createSubresource: (kind, key, subresource, body) => recording.createSubresource(kind, key, subresource, body),
      raw: (request) => recording.raw(request),
      as: () => this.client,
      impersonate: () => this.client,
    }
  }

  /** Puts an object there as if somebody else had written it. */
  put<T extends KubernetesObject>(kind: ResourceKind<T>, object: T): T {
    return this.#tell(kind, this.recording.put(deepCopy(object)))
  }

  drop<T extends KubernetesObject>(kind: ResourceKind<T>, object: T): void {
    this.recording.drop(object)
    this.#emit(kind, object, true)
  }

  /** The pod as the server has it. */
  pod(name: string): Pod | undefined {
    return this.recording.peek(podKind, `default/${name}`)
  }

  /** Resolves with the pod once it is as wanted; without one, when it is gone. */
  async whenPod(name: string, wanted: (pod: Pod) => boolean): Promise<Pod> {
    for (;;) {
      const pod = this.pod(name)
      if (pod !== undefined && wanted(pod)) return pod
      await turn()
    }
  }

  async whenGone(name: string): Promise<void> {
    while (this.pod(name) !== undefined) await turn()
  }

  async #delete<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const object = this.recording.peek(kind, key.namespace ? `${key.namespace}/${key.name}` : key.name)
    if (object === undefined || kind.kind !== 'Pod' || options.gracePeriodSeconds === 0) {
      await this.recording.delete(kind, key, options)
      if (object !== undefined) this.#emit(kind, object, true)
      return
    }
    const deleted = deepCopy(object)
    const spec = (deleted as Pod).spec
    deleted.metadata.deletionTimestamp ??= new Date().toISOString()
    deleted.metadata.deletionGracePeriodSeconds = options.gracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30
    this.put(kind, deleted)
  }

  /** The recording client takes every patch for a merge patch, so a strategic one is worked out here. */
  #asMerge<T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, patch: Patch): Patch {
    const schema = { Pod: Pod.schema, Node: Node.schema }[kind.kind]
    const object = this.recording.peek(kind, key.namespace ? `${key.namespace}/${key.name}` : key.name)
    if (patch.type !== 'strategic' || schema === undefined || object === undefined) return patch
    const result = applyStrategicMergePatch(schema, deepCopy(object) as never, patch.body as never) as unknown as T
    return { type: 'merge', body: { ...result, metadata: { ...result.metadata, resourceVersion: undefined } } }
  }

  #tell<T extends KubernetesObject>(kind: ResourceKind<T>, object: T): T {
    this.#emit(kind, object, false)
    return object
  }

  #emit(kind: ResourceKind, object: KubernetesObject, gone: boolean): void {
    const copy = deepCopy(object)
    for (const watcher of this.#watchers) {
      if (watcher.kind !== kind.kind) continue
      const key = keyOf(copy)
      const fits = !gone && selected(copy, watcher.options)
      if (!fits && !watcher.known.has(key)) continue
      watcher.events.push({ type: !fits ? 'DELETED' : watcher.known.has(key) ? 'MODIFIED' : 'ADDED', object: deepCopy(copy) })
      if (fits) watcher.known.add(key)
      else watcher.known.delete(key)
      watcher.wake()
    }
  }

  async *#watch<T extends KubernetesObject>(kind: ResourceKind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const present = (await this.client.list(kind, options)).items
    const watcher: Watcher = { kind: kind.kind, options, events: [], known: new Set(present.map(keyOf)), wake: () => undefined }
    this.#watchers.add(watcher)
    const stop = () => watcher.wake()
    options.signal?.addEventListener('abort', stop)
    try {
      for (const object of present) yield { type: 'ADDED', object }
      yield { type: 'BOOKMARK', resourceVersion: '1', initialEventsEnd: true }
      while (!options.signal?.aborted) {
        const event = watcher.events.shift()
        if (event !== undefined) yield event as WatchEvent<T>
        else {
          await new Promise<void>((resolve) => {
            watcher.wake = resolve
          })
        }
      }
    } finally {
      this.#watchers.delete(watcher)
    }
  }
}

function selected(object: KubernetesObject, { namespace, fieldSelector = '' }: ListOptions): boolean {
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false
  if (fieldSelector.startsWith('spec.clusterIP')) return true
  const fields: Record<string, string> = {
    'metadata.name': object.metadata.name ?? '',
    'spec.nodeName': (object as Pod).spec?.nodeName ?? '',
  }
  return parseFieldSelector(fieldSelector).matches((name) => fields[name] ?? '')
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}
