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
  let present = 0
  for (const key of Object.keys(a)) {
    const value = a[key]
    if (value === undefined) continue
    present++
    if (!Object.hasOwn(b, key) || !deepEqual(value, b[key])) return false
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) present--
  return present === 0
}
