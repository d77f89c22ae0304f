import type { KubernetesObject } from '@treeline/machinery'
import type { Stored } from '../resource-store/resource-store.js'

/** An object as a dry run would have left it: it looks stored, and is not. */
export function notStored<T extends KubernetesObject>(object: T): Stored<T> {
  let bytes: Buffer | undefined
  return {
    key: '',
    revision: 0,
    get bytes() {
      bytes ??= Buffer.from(JSON.stringify(object))
      return bytes
    },
    object,
  }
}
