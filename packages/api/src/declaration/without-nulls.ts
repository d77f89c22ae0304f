import { isObject, type Schema } from '@treeline/machinery'

/**
 * A view of a value in which what is absent is absent: the canonical form holds null for required lists and pointers
 * that are not there. Shares all that holds no null with `value`; free-form JSON stays as it is.
 */
export function withoutNulls<T>(schema: Schema, value: T): T {
  return stripped(schema, value) as T
}

function stripped(schema: Schema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? undefined
  switch (schema.type) {
    case 'struct':
      return strippedObject(value, (name) => schema.fields.get(name)?.schema)
    case 'map':
      return strippedObject(value, () => schema.values)
    case 'list':
      return Array.isArray(value) ? strippedList(schema.items, value) : value
    default:
      return value
  }
}

function strippedObject(value: object, schemaOf: (name: string) => Schema | undefined): unknown {
  if (!isObject(value)) return value
  let copy: Record<string, unknown> | undefined
  for (const [name, held] of Object.entries(value)) {
    if (typeof held !== 'object') continue
    const schema = schemaOf(name)
    const kept = schema ? stripped(schema, held) : held
    if (kept === held) continue
    copy ??= { ...value }
    if (kept === undefined) delete copy[name]
    else copy[name] = kept
  }
  return copy ?? value
}

function strippedList(items: Schema, list: readonly unknown[]): unknown {
  let copy: unknown[] | undefined
  for (let index = 0; index < list.length; index++) {
    const held = list[index]
    if (typeof held !== 'object' || held === null) continue
    const kept = stripped(items, held)
    if (kept !== held) {
      copy ??= [...list]
      copy[index] = kept
    }
  }
  return copy ?? list
}
