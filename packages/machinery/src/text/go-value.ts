/** A JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`, keys sorted. Some of upstream's messages hold such values. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const object = value as Record<string, unknown>
  const pairs = Object.keys(object)
    .sort()
    .map((key) => `${key}:${goValue(object[key])}`)
  return `map[${pairs.join(' ')}]`
}
