import { errors, StatusError } from '@treeline/machinery'
import type { Client, ResourceKind } from '../client.js'
import { errorOfAnswer } from '../rest/answer-errors.js'

/** A resource a server has, as discovery tells. */
export interface DiscoveredResource extends ResourceKind {
  readonly verbs: readonly string[]
  /** Names of its subresources. */
  readonly subresources: readonly string[]
}

export interface Discovery {
  /** Every resource in every version served, in the server's order of preference. */
  readonly resources: readonly DiscoveredResource[]
  /** Groups and versions that could not be discovered: `group/version` to why. */
  readonly failures: ReadonlyMap<string, string>
}

/** Asks a server what it has. A group whose own server does not answer is a failure in the result, not an error. */
export async function discover(client: Client, signal?: AbortSignal): Promise<Discovery> {
  const resources: DiscoveredResource[] = []
  const failures = new Map<string, string>()
  for (const path of ['/api', '/apis']) {
    const answer = await getJson(client, path, signal)
    if (answer.kind === 'APIGroupDiscoveryList') readAggregated(answer as AggregatedList, resources, failures)
    else await readLegacy(client, path, answer as LegacyRoot, resources, failures, signal)
  }
  return { resources, failures }
}

/** The first, that is preferred, version of each resource. */
export function preferredResources(resources: readonly DiscoveredResource[]): DiscoveredResource[] {
  const byName = new Map<string, DiscoveredResource>()
  for (const resource of resources) {
    const name = `${resource.plural}.${resource.group}`
    if (!byName.has(name)) byName.set(name, resource)
  }
  return [...byName.values()]
}

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

async function getJson(client: Client, path: string, signal: AbortSignal | undefined): Promise<{ kind?: string }> {
  const headers = { accept: `${aggregatedType},application/json` }
  const response = await client.raw({ method: 'GET', path, headers, timeout: 32_000, signal })
  if (response.status >= 400) throw await errorOfAnswer(response)
  return JSON.parse((await response.bytes()).toString('utf8')) as { kind?: string }
}

interface AggregatedList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string }
    readonly versions?: readonly {
      readonly version: string
      readonly freshness?: string
      readonly resources?: readonly AggregatedResource[]
    }[]
  }[]
}
interface AggregatedResource {
  readonly resource: string
  readonly responseKind?: { readonly kind?: string }
  readonly scope?: string
  readonly verbs?: readonly string[]
  readonly subresources?: readonly { readonly subresource: string }[]
}

function readAggregated(list: AggregatedList, resources: DiscoveredResource[], failures: Map<string, string>): void {
  for (const item of list.items ?? []) {
    const group = item.metadata?.name ?? ''
    for (const { version, freshness, resources: inVersion } of item.versions ?? []) {
      if (freshness === 'Stale') {
        const name = group === '' ? version : `${group}/${version}`
        failures.set(name, `stale GroupVersion discovery: ${name}`)
      }
      for (const { resource, responseKind, scope, verbs = [], subresources = [] } of inVersion ?? []) {
        if (verbs.length === 0) continue
        resources.push({
          group,
          version,
          kind: responseKind?.kind ?? '',
          plural: resource,
          scope: scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
          verbs,
          subresources: subresources.map(({ subresource }) => subresource),
        })
      }
    }
  }
}

interface LegacyRoot {
  readonly versions?: readonly string[]
  readonly groups?: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[]
}
interface LegacyList {
  readonly resources?: readonly {
    readonly name: string
    readonly kind: string
    readonly namespaced: boolean
    readonly verbs?: readonly string[]
  }[]
}

/** Servers without aggregated discovery answer group by group. */
async function readLegacy(
  client: Client,
  path: string,
  root: LegacyRoot,
  resources: DiscoveredResource[],
  failures: Map<string, string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const core = (root.versions ?? []).map((version) => ({ group: '', version, at: `${path}/${version}` }))
  const named = (root.groups ?? []).flatMap(({ name, versions }) =>
    versions.map(({ version }) => ({ group: name, version, at: `${path}/${name}/${version}` })),
  )
  const answers = await Promise.all(
    [...core, ...named].map(async (place) => {
      try {
        return { place, list: (await getJson(client, place.at, signal)) as LegacyList }
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        failures.set(place.group === '' ? place.version : `${place.group}/${place.version}`, error.message)
        return { place, list: {} as LegacyList }
      }
    }),
  )
  for (const { place, list } of answers) {
    const all = list.resources ?? []
    for (const { name, kind, namespaced, verbs = [] } of all) {
      if (name.includes('/')) continue
      const subresources = all.filter((other) => other.name.startsWith(`${name}/`)).map((other) => other.name.slice(name.length + 1))
      const { group, version } = place
      resources.push({ group, version, kind, plural: name, scope: namespaced ? 'Namespaced' : 'Cluster', verbs, subresources })
    }
  }
}

/** Failures as one error, in upstream's wording; undefined without any. */
export function discoveryError({ failures }: Discovery): StatusError | undefined {
  if (failures.size === 0) return undefined
  const list = [...failures].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, why]) => `${name}: ${why}`)
  return errors.serviceUnavailable(`unable to retrieve the complete list of server APIs: ${list.join(', ')}`)
}
