/** Equality of JSON values. The order of keys does not count; a key that holds `undefined` is an absent key. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Number.isNaN(a) && Number.isNaN(b)
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b)
  return !Array.isArray(b) && equalObjects(a as Record<string, unknown>, b as Record<string, unknown>)
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!deepEqual(a[i], b[i])) return false
  return true
}

function equalObjects(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return equalBesidesUndefined(a, b)
  for (const key of keys) {
    const left = a[key]
    const right = b[key]
    if (left === undefined || right === undefined || key === '__proto__') return equalBesidesUndefined(a, b)
    if (left !== right && !deepEqual(left, right)) return false
  }
  return true
}

/** The slow way, for objects whose keys do not match one by one. */
function equalBesidesUndefined(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const present = (object: Record<string, unknown>) => Object.keys(object).filter((key) => object[key] !== undefined)
  const keys = present(a)
  return keys.length === present(b).length && keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key], b[key]))
}
