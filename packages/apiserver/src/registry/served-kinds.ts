import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { ResourceStore } from '../resource-store/resource-store.js'
import { Resource } from './resource.js'

/** The table of kinds being served. Changes while the server runs, when custom resources come and go. */
export class ServedKinds {
  /** Counts the changes; what is derived from the table is as old as the count it was made at. */
  generation = 0
  private readonly resources = new Map<string, Resource>()
  private readonly groups = new Map<string, Map<string, Resource[]>>()
  private readonly listeners = new Set<() => void>()

  /** Serves a kind, in the place of one of the same group, version and plural. `open` is called on first use. */
  add<T extends KubernetesObject>(kind: Kind<T>, open: () => ResourceStore<T>): void {
    const resource = new Resource(kind, open) as unknown as Resource
    const { group, version, plural } = kind
    this.forget(group, version, plural)
    this.resources.set(keyOf(group, version, plural), resource)
    let versions = this.groups.get(group)
    if (!versions) {
      versions = new Map()
      this.groups.set(group, versions)
    }
    const members = versions.get(version)
    if (members) members.push(resource)
    else versions.set(version, [resource])
    this.changed()
  }

  remove(kind: Pick<Kind, 'group' | 'version' | 'plural'>): void {
    if (this.forget(kind.group, kind.version, kind.plural)) this.changed()
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.resources.get(keyOf(group, version, plural))
  }

  /** The resource of a kind that is served. */
  of<T extends KubernetesObject>(kind: Kind<T>): Resource<T> | undefined {
    return this.resources.get(keyOf(kind.group, kind.version, kind.plural)) as unknown as Resource<T> | undefined
  }

  groupNames(): string[] {
    return [...this.groups.keys()]
  }

  hasGroup(group: string): boolean {
    return this.groups.has(group)
  }

  /** Versions of a group, in the order they were added. */
  versions(group: string): string[] {
    return [...(this.groups.get(group)?.keys() ?? [])]
  }

  hasVersion(group: string, version: string): boolean {
    return this.groups.get(group)?.has(version) ?? false
  }

  members(group: string, version: string): readonly Resource[] {
    return this.groups.get(group)?.get(version) ?? []
  }

  all(): IterableIterator<Resource> {
    return this.resources.values()
  }

  /** Calls `listener` after every change; returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private forget(group: string, version: string, plural: string): boolean {
    const key = keyOf(group, version, plural)
    const resource = this.resources.get(key)
    if (!resource) return false
    this.resources.delete(key)
    const versions = this.groups.get(group)
    const rest = (versions?.get(version) ?? []).filter((member) => member !== resource)
    if (rest.length > 0) versions?.set(version, rest)
    else versions?.delete(version)
    if (versions?.size === 0) this.groups.delete(group)
    return true
  }

  private changed(): void {
    this.generation++
    for (const listener of this.listeners) listener()
  }
}

function keyOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`
}
