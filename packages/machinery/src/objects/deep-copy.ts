/** A copy of a JSON value that shares nothing with it. Own `__proto__` keys stay plain keys. */
export function deepCopy<T>(value: T): T {
  return copy(value) as T
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const list = new Array<unknown>(value.length)
    for (let i = 0; i < value.length; i++) list[i] = copy(value[i])
    return list
  }
  const source = value as Record<string, unknown>
  const object: Record<string, unknown> = {}
  for (const key of Object.keys(source)) setKey(object, key, copy(source[key]))
  return object
}

/** Sets a key from the wire: `__proto__` becomes an own key instead of the prototype. */
export function setKey(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else object[key] = value
}

/** The value of an own key; never what the prototype has. */
export function getKey(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
