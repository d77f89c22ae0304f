/** Fields whose value differs from run to run: only that they are set is compared. */
const varying = new Set(['uid', 'resourceVersion', 'selfLink', 'time', 'creationTimestamp'])

/** An answer with everything taken out that must differ between two servers. `names` are the variables of the script. */
export function normalise(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => normalise(item, names))
  if (typeof value === 'object' && value !== null) {
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(value).sort()) result[key] = normaliseField(key, (value as Record<string, unknown>)[key], names)
    return result
  }
  return typeof value === 'string' ? normaliseText(value, names) : value
}

function normaliseField(key: string, value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (varying.has(key) && (typeof value === 'string' || value === null)) return value ? '<set>' : value
  if (key === 'continue' && value) return '<continue>'
  // descriptions of columns are each server's own words
  if (key === 'columnDefinitions' && Array.isArray(value))
    return value.map((column) => normalise({ ...(column as Record<string, unknown>), description: '' }, names))
  if (key === 'nodePort' && value) return '<nodePort>'
  const result = normalise(value, names)
  if (!Array.isArray(result)) return result
  // the order of conflicts, and of managers within one second, is not a fact
  if (key === 'causes' && result.every((cause) => (cause as { reason?: string } | null)?.reason === 'FieldManagerConflict'))
    return sortedBy(result, JSON.stringify)
  if (key === 'managedFields') {
    return sortedBy(result, (entry) => {
      const { manager, operation, apiVersion, subresource } = entry as Record<string, unknown>
      return JSON.stringify([manager, operation, apiVersion, subresource])
    })
  }
  return result
}

const sortedBy = (list: readonly unknown[], key: (item: unknown) => string): unknown[] =>
  [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1))

const replacements: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b10\.96\.\d+\.\d+\b/g, '<clusterIP>'],
  [/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<rand>'],
  [/(resourceVersion\D{0,12})\d+/g, '$1<rv>'],
  [/\(\d+\)/g, '(<n>)'],
  [/^\d+[smhdy](\d+[smhd])?$/, '<age>'],
  [/^<unknown>$/, '<age>'],
]

export function normaliseText(text: string, names: ReadonlyMap<string, string>): string {
  let result = text
  for (const [name, value] of names) if (value.length > 3 && !name.startsWith('RV')) result = result.split(value).join(`$${name}`)
  for (const [pattern, replacement] of replacements) result = result.replace(pattern, replacement)
  return result
}

/** Texts that show the language upstream is written in are not facts of the wire: any text will do there. */
const internals =
  /&value\.|\b\w+\.go:\d+|Go (value|struct)|map\[|\b(v1|core|apps|batch)\.[A-Z]\w+\{|cannot unmarshal|internal error|\n\s*[-+]\s/

/** Whether a text shows upstream's implementation, so that any text will do in its place. */
export const showsInternals = (text: string): boolean => internals.test(text)

/** Where the second value differs from the first, as a sentence; undefined when nowhere. */
export function difference(reference: unknown, ours: unknown, path = ''): string | undefined {
  if (reference === ours) return undefined
  if (typeof reference === 'string' && typeof ours === 'string' && showsInternals(reference)) return undefined
  if (Array.isArray(reference) && Array.isArray(ours)) {
    if (reference.length !== ours.length)
      return `${path}: ${reference.length} items, ours ${ours.length}: ${short(reference)} ours ${short(ours)}`
    return first(reference.map((item, index) => difference(item, ours[index], `${path}[${index}]`)))
  }
  if (isObject(reference) && isObject(ours)) {
    const keys = [...new Set([...Object.keys(reference), ...Object.keys(ours)])]
    return first(keys.map((key) => difference(reference[key], ours[key], `${path}.${key}`)))
  }
  return `${path}: ${short(reference)} ours ${short(ours)}`
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const first = (found: readonly (string | undefined)[]): string | undefined => found.find((text) => text !== undefined)
const short = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 300)
