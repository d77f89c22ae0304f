import { createHash } from 'node:crypto'
import type { Kind, Subresource } from '@treeline/api'
import { groupVersion } from '@treeline/machinery'
import type { ServedKinds } from '../registry/served-kinds.js'
import { orderedGroups, orderedVersions } from './group-order.js'

/** `/api`: the versions of the core group. */
export function apiVersions(serverAddress: string): object {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] }
}

/** `/apis`: every group but the core one. */
export function apiGroupList(kinds: ServedKinds): object {
  const groups = orderedGroups(kinds).filter((group) => group !== '')
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupEntry(kinds, group)) }
}

/** `/apis/{group}`. */
export function apiGroup(kinds: ServedKinds, group: string): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(kinds, group) }
}

function groupEntry(kinds: ServedKinds, group: string): object {
  const versions = orderedVersions(kinds, group).map((version) => ({ groupVersion: groupVersion(group, version), version }))
  return { name: group, versions, preferredVersion: versions[0] }
}

/** `/api/v1` and `/apis/{group}/{version}`: the resources of a group version, subresources among them. */
export function apiResourceList(kinds: ServedKinds, group: string, version: string): object {
  const resources = kinds
    .members(group, version)
    .flatMap(({ kind }) => [resourceEntry(kind), ...kind.subresources.map((sub) => subresourceEntry(kind, sub))])
  resources.sort((a, b) => (a.name < b.name ? -1 : 1))
  // Answers of the core group have never carried an apiVersion.
  return { kind: 'APIResourceList', ...(group !== '' && { apiVersion: 'v1' }), groupVersion: groupVersion(group, version), resources }
}

function resourceEntry(kind: Kind): { name: string } {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.scope === 'Namespaced',
    kind: kind.kind,
    verbs: kind.discoveredVerbs ?? kind.verbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(kind.stored !== false && { storageVersionHash: storageVersionHash(kind.storedAs?.kind ?? kind) }),
  } as { name: string }
}

function subresourceEntry(kind: Kind, { name, verbs, gvk }: Subresource): { name: string } {
  const other = gvk && (gvk.group !== kind.group || gvk.version !== kind.version)
  return {
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced: kind.scope === 'Namespaced',
    ...(other && { group: gvk.group, version: gvk.version }),
    kind: gvk?.kind ?? kind.kind,
    verbs,
  } as { name: string }
}

/** Kinds that upstream keeps in an older version than it prefers. */
const storedVersions: Readonly<Record<string, string>> = {
  'storage.k8s.io/VolumeAttributesClass': 'v1beta1',
  'apiextensions.k8s.io/CustomResourceDefinition': 'v1beta1',
}

/** Tells clients when objects are stored in another version than before. */
function storageVersionHash({ group, version, kind }: Kind): string {
  return createHash('sha256')
    .update(`${group}/${storedVersions[`${group}/${kind}`] ?? version}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64')
}
