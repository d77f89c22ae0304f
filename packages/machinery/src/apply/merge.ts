import { setKey } from '../objects/deep-copy.js'
import { isObject } from '../schema/json-object.js'
import type { ListSchema, Schema } from '../schema/schema.js'
import type { PathElement } from './path-element.js'
import { itemElement, schemaOf, shapeOf } from './shape.js'

/**
 * The live object with an applied configuration laid over it: maps merge key by key, keyed lists and sets item by item
 * in the order the configuration asks for, leaves are taken from the configuration. Shares values with both operands.
 */
export function mergeObjects<T extends object>(schema: Schema, live: T, config: object): T {
  return (mergeMaps(schema, live as JsonObject, config as JsonObject) ?? {}) as T
}

type JsonObject = Record<string, unknown>

// An absent side is undefined; undefined comes out when nothing is left.
function mergeAt(schema: Schema, live: unknown, config: unknown): unknown {
  if (config === undefined) return live
  if (live === undefined) return config
  const shape = shapeOf(schema, config ?? live)
  if (shape === 'leaf' || (isVoid(live) && isVoid(config))) return config
  if (shape === 'map') return isObject(live) || live === null ? mergeMaps(schema, asMap(live), asMap(config)) : config
  return mergeLists(schema as ListSchema, asList(live), asList(config))
}

function mergeMaps(schema: Schema, live: JsonObject, config: JsonObject): JsonObject | undefined {
  const result: JsonObject = {}
  let empty = true
  const put = (key: string, value: unknown): void => {
    if (value === undefined) return
    empty = false
    setKey(result, key, value)
  }
  for (const key of Object.keys(live))
    put(key, mergeAt(schemaOf(schema, key), live[key], Object.hasOwn(config, key) ? config[key] : undefined))
  for (const key of Object.keys(config)) if (!Object.hasOwn(live, key)) put(key, mergeAt(schemaOf(schema, key), undefined, config[key]))
  return empty ? undefined : result
}

/**
 * The order of the result: items of the configuration in its order; an item that only the live list has stays behind the
 * item it followed, as far as both orders allow.
 */
function mergeLists(schema: ListSchema, live: readonly unknown[], config: readonly unknown[]): unknown[] | undefined {
  const wanted = config.map((item) => itemElement(schema, item))
  const present = live.map((item) => itemElement(schema, item))
  const configByElement = new Map(wanted.map((element, i) => [element, config[i]]))
  const liveByElement = new Map<PathElement, unknown>()
  // Items that share a key are not merged with the configuration: it replaces them all.
  for (const [i, element] of present.entries()) liveByElement.set(element, liveByElement.has(element) ? null : live[i])
  const shared = wanted.filter((element) => liveByElement.has(element))
  const merged = new Set<PathElement>()
  const result: unknown[] = []
  const put = (value: unknown): void => {
    if (value !== undefined) result.push(value)
  }
  const take = (element: PathElement): void => {
    merged.add(element)
    put(mergeAt(schema.items, liveByElement.get(element), configByElement.get(element)))
  }
  let nextShared = 0
  for (let l = 0, c = 0; l < present.length || c < wanted.length; ) {
    const left = present[l]
    const right = wanted[c]
    if (left !== undefined && left === right) {
      take(left)
      l++
      c++
      nextShared++
      continue
    }
    if (
      left !== undefined &&
      right !== undefined &&
      configByElement.has(left) &&
      nextShared < shared.length &&
      shared[nextShared] !== left
    ) {
      l++
      continue
    }
    if (left !== undefined) {
      if (!configByElement.has(left)) {
        put(live[l])
        l++
        continue
      }
      if (merged.has(left)) l++
    }
    if (right !== undefined) {
      take(right)
      c++
      if (shared[nextShared] === right) nextShared++
    }
  }
  return result.length > 0 ? result : undefined
}

function isVoid(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value !== 'object') return false
  return Object.keys(value).length === 0
}

function asMap(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
