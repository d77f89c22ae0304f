/**
 * Upstream sometimes names a whole struct as the bad value, and prints it as its own internal type: all fields, under
 * the names they have in Go. A form lists those names in order, with what stands for an absent value.
 */
export type InternalForm = readonly (readonly [printed: string, field: string, absent: unknown, form?: InternalForm])[]

/** `value` as upstream prints it. */
export function internalForm(form: InternalForm, value: object): object {
  const source = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    form.map(([printed, field, absent, inner]) => {
      const held = source[field]
      if (held === undefined || held === null) return [printed, absent]
      return [printed, inner && typeof held === 'object' ? internalForm(inner, held) : held]
    }),
  )
}
