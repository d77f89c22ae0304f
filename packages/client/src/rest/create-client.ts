import { groupVersion, type KubernetesObject } from '@treeline/machinery'
import type {
  Client,
  DeleteOptions,
  GetOptions,
  ImpersonatedUser,
  ListOptions,
  ObjectKey,
  Patch,
  ResourceKind,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../client.js'
import { type Clock, sleep, systemClock } from '../time/clock.js'
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from '../transport.js'
import { errorOfAnswer } from './answer-errors.js'
import { resourcePath, withQuery } from './paths.js'
import { decodeWatch } from './watch-stream.js'

export interface ClientOptions {
  /** Sent as User-Agent; the server takes the part before `/` as field manager. */
  readonly userAgent?: string
  /** Field manager of every write that names none; by default the server derives it from the User-Agent. */
  readonly fieldManager?: string
  readonly impersonate?: ImpersonatedUser
  /** Milliseconds a request may take, watches excepted; 65 s by default, beyond the server's own 60 s. */
  readonly timeout?: number
  /** How often a request is sent again when the server answers that it is busy and when to come back; 10 by default. */
  readonly retries?: number
  readonly clock?: Clock
}

const mediaTypes: Readonly<Record<Patch['type'], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}
const metadataType = {
  object: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
}

/** A client of the API server that `transport` leads to. It does not own the transport. */
export function createClient(transport: Transport, options: ClientOptions = {}): Client {
  const { userAgent = 'treeline', timeout = 65_000, retries = 10, clock = systemClock } = options
  const identity = { 'user-agent': userAgent, ...impersonationHeaders(options.impersonate) }

  /** Sends, waiting and trying again as long as the server answers 429 or 503 with a Retry-After. */
  async function send(request: TransportRequest): Promise<TransportResponse> {
    const headers = { ...identity, ...request.headers }
    for (let attempt = 0; ; attempt++) {
      const response = await transport.request({ ...request, headers })
      if (response.status < 400) return response
      const wait = retryDelay(response)
      if (wait === undefined || attempt >= retries) return response
      await response.bytes()
      if (!(await sleep(clock, wait, request.signal))) throw new TransportError('aborted', 'aborted while waiting for a busy server')
    }
  }

  async function answer<R>(request: TransportRequest): Promise<R> {
    const response = await send({ timeout, ...request })
    if (response.status >= 400) throw await errorOfAnswer(response)
    return JSON.parse((await response.bytes()).toString('utf8')) as R
  }

  const accept = (metadataOnly: boolean | undefined, form: keyof typeof metadataType) => ({
    accept: metadataOnly ? metadataType[form] : 'application/json',
  })
  const writeQuery = (write: WriteOptions | undefined) => ({
    fieldManager: write?.fieldManager ?? options.fieldManager,
    dryRun: write?.dryRun ? 'All' : undefined,
  })
  const write = <R>(method: string, path: string, body: object, options: WriteOptions | undefined, contentType = 'application/json') =>
    answer<R>({
      method,
      path: withQuery(path, writeQuery(options)),
      headers: { accept: 'application/json', 'content-type': contentType },
      body: JSON.stringify(body),
      signal: options?.signal,
    })

  const client: Client = {
    get: async <T extends KubernetesObject>(kind: ResourceKind<T>, key: ObjectKey, get: GetOptions = {}) => {
      const object = await answer<T>({
        method: 'GET',
        path: withQuery(resourcePath(kind, key.namespace, key.name), { resourceVersion: get.resourceVersion }),
        headers: accept(get.metadataOnly, 'object'),
        signal: get.signal,
      })
      return get.metadataOnly ? named(kind, object) : object
    },

    async list<T extends KubernetesObject>(kind: ResourceKind<T>, list: ListOptions = {}) {
      const answered = await answer<WireList<T>>({
        method: 'GET',
        path: withQuery(resourcePath(kind, list.namespace), {
          ...selectors(list),
          limit: list.limit,
          continue: list.continue,
          resourceVersion: list.resourceVersion,
          resourceVersionMatch: list.resourceVersionMatch,
        }),
        headers: accept(list.metadataOnly, 'list'),
        signal: list.signal,
      })
      const { resourceVersion = '', continue: next, remainingItemCount } = answered.metadata ?? {}
      return {
        items: (answered.items ?? []).map((item) => named(kind, item)),
        resourceVersion,
        ...(next && { continue: next }),
        ...(remainingItemCount !== undefined && { remainingItemCount }),
      }
    },

    async *watch<T extends KubernetesObject>(kind: ResourceKind<T>, watch: WatchOptions): AsyncGenerator<WatchEvent<T>> {
      const response = await send({
        method: 'GET',
        path: withQuery(resourcePath(kind, watch.namespace), {
          watch: true,
          ...selectors(watch),
          resourceVersion: watch.resourceVersion,
          resourceVersionMatch: watch.resourceVersionMatch,
          allowWatchBookmarks: watch.allowWatchBookmarks,
          sendInitialEvents: watch.sendInitialEvents,
          timeoutSeconds: watch.timeoutSeconds,
        }),
        headers: accept(watch.metadataOnly, 'object'),
        signal: watch.signal,
      })
      if (response.status >= 400) throw await errorOfAnswer(response)
      const events = decodeWatch<T>(response.stream())
      if (!watch.metadataOnly) return yield* events
      for await (const event of events) yield event.type === 'BOOKMARK' ? event : { ...event, object: named(kind, event.object) }
    },

    create: (kind, object, options) => write('POST', resourcePath(kind, object.metadata.namespace), object, options),

    update: (kind, object, options) =>
      write('PUT', resourcePath(kind, object.metadata.namespace, object.metadata.name, options?.subresource), object, options),

    updateStatus: (kind, object, options) => client.update(kind, object, { ...options, subresource: 'status' }),

    patch: (kind, key, patch, patchOptions) => {
      const path = resourcePath(kind, key.namespace, key.name, patchOptions?.subresource)
      if (patch.type !== 'apply') return write('PATCH', path, patch.body, patchOptions, mediaTypes[patch.type])
      const fieldManager = patchOptions?.fieldManager ?? options.fieldManager ?? userAgent.split('/')[0]
      const forced = patch.force === undefined ? path : `${path}?force=${patch.force}`
      return write('PATCH', forced, patch.body, { ...patchOptions, fieldManager }, mediaTypes.apply)
    },

    async delete(kind, key, options = {}) {
      await answer({
        method: 'DELETE',
        path: resourcePath(kind, key.namespace, key.name),
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify(deleteBody(options)),
        signal: options.signal,
      })
    },

    async deleteCollection(kind, options) {
      const { delete: deletion = {}, signal, ...list } = options
      await answer({
        method: 'DELETE',
        path: withQuery(resourcePath(kind, list.namespace), { ...selectors(list), limit: list.limit, continue: list.continue }),
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify(deleteBody(deletion)),
        signal,
      })
    },

    getSubresource: (kind, key, subresource, get = {}) =>
      answer({
        method: 'GET',
        path: withQuery(resourcePath(kind, key.namespace, key.name, subresource), { resourceVersion: get.resourceVersion }),
        headers: accept(false, 'object'),
        signal: get.signal,
      }),

    createSubresource: (kind, key, subresource, body, options) =>
      write('POST', resourcePath(kind, key.namespace, key.name, subresource), body, options),

    raw: (request) => send(request),
    as: (name) => createClient(transport, { ...options, userAgent: name, fieldManager: undefined }),
    impersonate: (user) => createClient(transport, { ...options, impersonate: user }),
  }
  return client
}

interface WireList<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number }
  readonly items?: readonly T[] | null
}

const selectors = (options: ListOptions) => ({ labelSelector: options.labelSelector, fieldSelector: options.fieldSelector })

/** Items of typed lists and PartialObjectMetadata do not say what they are; here they do. */
function named<T extends KubernetesObject>(kind: ResourceKind<T>, object: T): T {
  object.apiVersion = groupVersion(kind.group, kind.version)
  object.kind = kind.kind
  return object
}

function deleteBody(options: DeleteOptions): object {
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds: options.gracePeriodSeconds,
    propagationPolicy: options.propagationPolicy,
    preconditions: options.preconditions,
    dryRun: options.dryRun ? ['All'] : undefined,
  }
}

function impersonationHeaders(user: ImpersonatedUser | undefined): Record<string, string | readonly string[]> {
  if (!user) return {}
  return {
    'impersonate-user': user.user,
    ...(user.groups?.length && { 'impersonate-group': user.groups }),
    ...(user.uid && { 'impersonate-uid': user.uid }),
  }
}

/** Milliseconds the server asks to wait before the same request may succeed; undefined when it does not ask. */
function retryDelay(response: TransportResponse): number | undefined {
  const seconds = Number(response.headers['retry-after'])
  if (!Number.isFinite(seconds) || seconds < 0) return undefined
  return response.status === 429 || response.status >= 500 ? seconds * 1000 : undefined
}
