/** A JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`, keys sorted. Some of upstream's messages hold such values. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (typeof value === 'number') return goNumber(value)
  if (typeof value !== 'object') return String(value)
  const object = value as Record<string, unknown>
  const pairs = Object.keys(object)
    .sort()
    .map((key) => `${key}:${goValue(object[key])}`)
  return `map[${pairs.join(' ')}]`
}

/** A number as Go's `%v` prints it: integers in full, others with an exponent below 1e-4 and from 1e6 on. */
export function goNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : goFloat(value)
}

/** A float as Go's `%v` prints it, whole ones as well: `1e+06`. */
export function goFloat(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
