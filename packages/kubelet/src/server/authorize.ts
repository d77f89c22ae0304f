import type { SubjectAccessReview } from '@treeline/api'
import type { Client, Clock, ResourceKind } from '@treeline/client'
import type { Caller } from './authenticate.js'

const reviewKind: ResourceKind<SubjectAccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  scope: 'Cluster',
}
const allowedTime = 300_000
const deniedTime = 30_000
const cacheSize = 10_000

const verbs: Readonly<Record<string, string>> = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

/** Path prefixes and the subresources of `nodes` whose permission opens them; any one of several is enough. */
const subresources: readonly (readonly [path: string, names: readonly string[]])[] = [
  ['/stats', ['stats']],
  ['/metrics', ['metrics']],
  ['/logs', ['log']],
  ['/checkpoint', ['checkpoint']],
  ['/healthz', ['healthz', 'proxy']],
  ['/pods', ['pods', 'proxy']],
  ['/runningpods', ['pods', 'proxy']],
  ['/configz', ['configz', 'proxy']],
]

/** The subresources of a node that a path stands for. */
export function subresourcesOf(path: string): readonly string[] {
  return subresources.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1] ?? ['proxy']
}

/** Asks the API server whether a caller may do what it asks of this node. */
export class Authorizer {
  readonly #decisions = new Map<string, { allowed: boolean; until: number }>()

  constructor(
    private readonly client: Client,
    private readonly clock: Clock,
    private readonly nodeName: string,
  ) {}

  async allows(caller: Caller, method: string, path: string, signal: AbortSignal): Promise<boolean> {
    const verb = verbs[method] ?? ''
    for (const subresource of subresourcesOf(path)) {
      if (await this.#decide(caller, verb, subresource, signal)) return true
    }
    return false
  }

  async #decide(caller: Caller, verb: string, subresource: string, signal: AbortSignal): Promise<boolean> {
    const key = JSON.stringify([caller, verb, subresource])
    const now = this.clock.now()
    const known = this.#decisions.get(key)
    if (known !== undefined && known.until > now) return known.allowed
    const review: SubjectAccessReview = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: {},
      spec: {
        user: caller.name,
        groups: [...caller.groups],
        ...(caller.uid === undefined ? {} : { uid: caller.uid }),
        ...(caller.extra === undefined
          ? {}
          : { extra: Object.fromEntries(Object.entries(caller.extra).map(([name, values]) => [name, [...values]])) }),
        resourceAttributes: { verb, version: 'v1', resource: 'nodes', subresource, name: this.nodeName },
      },
    }
    const { status } = await this.client.create(reviewKind, review, { signal })
    const allowed = status?.allowed === true
    if (this.#decisions.size >= cacheSize) this.#decisions.clear()
    this.#decisions.set(key, { allowed, until: now + (allowed ? allowedTime : deniedTime) })
    return allowed
  }
}
