import { createHash } from 'node:crypto'
import type { Kind, Subresource } from '@treeline/api'
import type { GroupVersionKind } from '@treeline/machinery'
import type { ServedKinds } from '../registry/served-kinds.js'
import { orderedGroups, orderedVersions } from './group-order.js'

/** An aggregated discovery document as it is sent, and its entity tag. */
export interface AggregatedDiscovery {
  readonly json: Buffer
  readonly etag: string
}

/** apidiscovery.k8s.io/v2: of the core group (`/api`), or of all others (`/apis`). */
export function aggregatedDiscovery(kinds: ServedKinds, core: boolean): AggregatedDiscovery {
  const groups = orderedGroups(kinds).filter((group) => (group === '') === core)
  const content = { metadata: {}, items: groups.map((group) => groupItem(kinds, group)) }
  const etag = `"${createHash('sha512').update(JSON.stringify(content)).digest('hex').toUpperCase()}"`
  const json = Buffer.from(`${JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', ...content })}\n`)
  return { json, etag }
}

function groupItem(kinds: ServedKinds, group: string): object {
  const versions = orderedVersions(kinds, group).map((version) => {
    const members = kinds.members(group, version).map(({ kind }) => kind)
    members.sort((a, b) => (a.plural < b.plural ? -1 : 1))
    return { version, resources: members.map(resourceItem), freshness: 'Current' }
  })
  return { metadata: group === '' ? {} : { name: group }, versions }
}

function resourceItem(kind: Kind): object {
  const subresources = [...kind.subresources].sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    resource: kind.plural,
    responseKind: responseKind(kind, kind),
    scope: kind.scope,
    singularResource: kind.singular,
    verbs: kind.discoveredVerbs ?? kind.verbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(subresources.length > 0 && { subresources: subresources.map((subresource) => subresourceItem(kind, subresource)) }),
  }
}

function subresourceItem(kind: Kind, { name, verbs, gvk = kind }: Subresource): object {
  return { subresource: name, responseKind: responseKind(kind, gvk), verbs }
}

/** Built-in kinds leave out the group version when it is the enclosing one; custom ones never do. */
function responseKind(kind: Kind, { group, version, kind: name }: GroupVersionKind): GroupVersionKind {
  const enclosed = !kind.custom && group === kind.group && version === kind.version
  return enclosed ? { group: '', version: '', kind: name } : { group, version, kind: name }
}
