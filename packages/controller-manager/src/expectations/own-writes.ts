import { type Clock, keyOf } from '@treeline/client'
import type { KubernetesObject } from '@treeline/machinery'

/** Writes not seen after this time are given up, in milliseconds. */
const lifetime = 60_000

interface Write {
  readonly uid: string
  /** The version written; undefined for a deletion. */
  readonly version: bigint | undefined
}

/**
 * The objects a controller has written and its cache has not shown yet, by the key it wrote them for. While there are
 * any, the cache is behind, and acting on it would undo or double what was done.
 */
export class OwnWrites {
  private readonly byKey = new Map<string, { readonly writes: Map<string, Write>; since: number }>()

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** `cached` is what the cache has of the object now: it may have been faster than the answer. */
  wrote(key: string, object: KubernetesObject, cached: KubernetesObject | undefined): void {
    const version = versionOf(object)
    if (cached && versionOf(cached) >= version) return
    this.note(key, object, version)
  }

  deleted(key: string, object: KubernetesObject, cached: KubernetesObject | undefined): void {
    if (cached?.metadata.uid === object.metadata.uid) this.note(key, object, undefined)
  }

  /** The cache shows all that was written for the key. */
  shown(key: string): boolean {
    const entry = this.byKey.get(key)
    return !entry || entry.writes.size === 0 || this.clock.now() - entry.since > lifetime
  }

  /** Takes note of what the cache shows. True if it is exactly what was written: nobody else's doing. */
  observe(key: string, object: KubernetesObject, type: 'added' | 'updated' | 'deleted'): boolean {
    const writes = this.byKey.get(key)?.writes
    const write = writes?.get(keyOf(object))
    if (!writes || !write) return false
    const { uid = '' } = object.metadata
    if (type === 'deleted') {
      if (write.uid === uid) writes.delete(keyOf(object))
      return write.uid === uid && write.version === undefined
    }
    const version = versionOf(object)
    if (write.version === undefined || (write.uid === uid && version < write.version)) return true
    writes.delete(keyOf(object))
    return write.uid === uid && version === write.version
  }

  forget(key: string): void {
    this.byKey.delete(key)
  }

  private note(key: string, object: KubernetesObject, version: bigint | undefined): void {
    const entry = this.byKey.get(key) ?? { writes: new Map<string, Write>(), since: 0 }
    entry.since = this.clock.now()
    entry.writes.set(keyOf(object), { uid: object.metadata.uid ?? '', version })
    this.byKey.set(key, entry)
  }
}

/** Versions of one resource can be compared (KEP-5504). */
function versionOf(object: KubernetesObject): bigint {
  return BigInt(object.metadata.resourceVersion || 0)
}
