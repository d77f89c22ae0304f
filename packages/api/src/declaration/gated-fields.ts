import type { Field, Schema, StructSchema } from '@treeline/machinery'

/**
 * Takes out of `object` the fields whose feature is off. A feature that `old` uses already stays usable for the object,
 * as upstream has it, so that nothing is lost by an update. Changes `object`.
 */
export type DropGatedFields = (object: object, old?: object) => void

/** `undefined` when the schema has no such field. */
export function compileGatedFields(schema: StructSchema): DropGatedFields | undefined {
  const plan = planOf(schema, new Map())
  if (!matters(plan)) return undefined
  return (object, old) => {
    const inUse = new Set<Field>()
    if (old) visit(plan, old, (_, __, field) => inUse.add(field))
    visit(plan, object, (owner, name, field) => {
      if (!inUse.has(field)) delete owner[name]
    })
  }
}

interface Plan {
  readonly gated: (readonly [string, Field])[]
  readonly inner: { readonly name: string; readonly schema: Schema; readonly plan: Plan }[]
}

const matters = (plan: Plan): boolean => plan.gated.length > 0 || plan.inner.length > 0

function planOf(schema: StructSchema, made: Map<StructSchema, Plan>): Plan {
  const known = made.get(schema)
  if (known) return known
  const plan: Plan = { gated: [], inner: [] }
  made.set(schema, plan)
  for (const [name, field] of schema.fields) {
    if (field.featureGate) plan.gated.push([name, field])
    const struct = structWithin(field.schema)
    const inner = struct && planOf(struct, made)
    if (inner && matters(inner)) plan.inner.push({ name, schema: field.schema, plan: inner })
  }
  return plan
}

function structWithin(schema: Schema): StructSchema | undefined {
  if (schema.type === 'struct') return schema
  if (schema.type === 'list') return structWithin(schema.items)
  return schema.type === 'map' ? structWithin(schema.values) : undefined
}

type Found = (owner: Record<string, unknown>, name: string, field: Field) => void

function visit(plan: Plan, value: object, found: Found): void {
  const object = value as Record<string, unknown>
  for (const [name, field] of plan.gated) if (object[name] !== undefined) found(object, name, field)
  for (const { name, schema, plan: inner } of plan.inner) descend(schema, inner, object[name], found)
}

function descend(schema: Schema, plan: Plan, value: unknown, found: Found): void {
  if (typeof value !== 'object' || value === null) return
  if (schema.type === 'struct') visit(plan, value, found)
  else if (schema.type === 'list') for (const item of Object.values(value)) descend(schema.items, plan, item, found)
  else if (schema.type === 'map') for (const item of Object.values(value)) descend(schema.values, plan, item, found)
}
