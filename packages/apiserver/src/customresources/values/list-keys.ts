import { deepEqual, isObject } from '@treeline/machinery'
import { type JsonSchema, propertyOf } from '../schema/json-schema.js'

/** How the items of a list are told apart. */
export interface ListKeys {
  readonly keys: readonly string[]
  readonly items: JsonSchema | undefined
}

/** The item of `list` with the keys of `item`; undefined when there is none or `item` is no object. */
export function matchingItem({ keys, items }: ListKeys, list: readonly unknown[], item: unknown): unknown {
  if (!isObject(item)) return undefined
  return list.find(
    (candidate) => isObject(candidate) && keys.every((key) => deepEqual(keyValue(candidate, key, items), keyValue(item, key, items))),
  )
}

function keyValue(item: Record<string, unknown>, key: string, items: JsonSchema | undefined): unknown {
  if (Object.hasOwn(item, key)) return item[key]
  return items && propertyOf(items, key)?.default
}
