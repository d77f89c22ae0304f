import { deepCopy, isObject, Quantity, type Schema, type StructSchema } from '@treeline/machinery'
import { groups } from '../groups.js'
import type { TypeName, TypeOf } from './type-of.js'

/**
 * Defaults by type, applied wherever the type occurs: either values for absent fields, or a function where a default
 * depends on something else. A field that is no pointer counts as absent when it is empty or zero.
 */
export type DefaultsTable = { readonly [Name in TypeName]?: StructDefaults<TypeOf<Name>> }

export type StructDefaults<T> = { readonly [F in keyof T]?: T[F] } | ((value: T) => void)

/** Fills the defaults of `table` and of the type tables into `value`, from the outside in. Changes `value`. */
export type FillDefaults = (value: object) => void

/** What has to be done to objects of a schema, or `undefined` when there is nothing to do. */
export function compileDefaults(schema: StructSchema, table: DefaultsTable): FillDefaults | undefined {
  const plan = planOf(schema, plansOf(table))
  if (!plan.matters) return undefined
  return (value) => fill(plan, value)
}

interface Plan {
  readonly own: FillDefaults[]
  readonly inner: { readonly name: string; readonly walk: (value: unknown) => void }[]
  matters: boolean
}

interface Plans {
  readonly byDefinition: ReadonlyMap<string, StructDefaults<object>>
  readonly made: Map<StructSchema, Plan>
}

const plans = new WeakMap<DefaultsTable, Plans>()

function plansOf(table: DefaultsTable): Plans {
  let known = plans.get(table)
  if (!known) {
    // Not by its own type: the compiler would make one of all types there are.
    const entries = Object.entries(table as object as Readonly<Record<string, StructDefaults<object>>>)
    const byDefinition = new Map(entries.map(([name, defaults]) => [definitionOf(name), defaults]))
    known = { byDefinition, made: new Map() }
    plans.set(table, known)
  }
  return known
}

function definitionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return `${groups[name.slice(0, dot)]?.definitionPrefix}${name.slice(dot)}`
}

function planOf(schema: StructSchema, known: Plans): Plan {
  const made = known.made.get(schema)
  if (made) return made
  const plan: Plan = { own: ownDefaults(schema, known), inner: [], matters: false }
  // Known before its fields are looked at, as types may refer to themselves.
  known.made.set(schema, plan)
  for (const [name, field] of schema.fields) {
    const walk = isResourceList(schema, field.schema) ? roundAmounts : walkOf(field.schema, known)
    if (walk) plan.inner.push({ name, walk })
  }
  plan.matters = plan.own.length > 0 || plan.inner.length > 0
  return plan
}

function walkOf(schema: Schema, known: Plans): ((value: unknown) => void) | undefined {
  if (schema.type === 'struct') {
    const plan = planOf(schema, known)
    return plan.matters ? (value) => isObject(value) && fill(plan, value) : undefined
  }
  if (schema.type !== 'list' && schema.type !== 'map') return undefined
  const walk = walkOf(schema.type === 'list' ? schema.items : schema.values, known)
  if (!walk) return undefined
  return (value) => {
    if (typeof value !== 'object' || value === null) return
    for (const item of Object.values(value)) walk(item)
  }
}

/** Maps of amounts of the core group: what upstream calls ResourceList. */
function isResourceList(owner: StructSchema, schema: Schema): boolean {
  return schema.type === 'map' && schema.values.type === 'quantity' && owner.name?.startsWith('io.k8s.api.core.') === true
}

/** Nothing is counted in less than thousandths. */
function roundAmounts(amounts: unknown): void {
  if (!isObject(amounts)) return
  for (const [name, amount] of Object.entries(amounts)) {
    if (typeof amount !== 'string' || !mayBeFine.test(amount)) continue
    const exact = Quantity.parse(amount)
    const rounded = Quantity.ofMilli(exact.scaledValue(-3), exact.format)
    if (!rounded.equals(exact)) amounts[name] = rounded.toString()
  }
}

const mayBeFine = /[nu]$|\.\d{4}|\.\d+m$|[eE]-/

function ownDefaults(schema: StructSchema, known: Plans): FillDefaults[] {
  const declared = known.byDefinition.get(schema.name ?? '')
  const fills: FillDefaults[] = []
  if (typeof declared === 'function') fills.push(declared as FillDefaults)
  else if (declared) fills.push(fillAbsent(schema, declared))
  const fromTable: Record<string, unknown> = {}
  for (const [name, field] of schema.fields) if (field.default !== undefined) fromTable[name] = field.default
  if (Object.keys(fromTable).length > 0) fills.push(fillAbsent(schema, fromTable))
  return fills
}

function fillAbsent(schema: StructSchema, values: object): FillDefaults {
  const entries = Object.entries(values).map(([name, value]) => ({ name, value, pointer: schema.fields.get(name)?.pointer === true }))
  return (object) => {
    const target = object as Record<string, unknown>
    for (const { name, value, pointer } of entries) {
      const present = target[name]
      if (present === undefined || present === null || (!pointer && (present === '' || present === 0))) target[name] = deepCopy(value)
    }
  }
}

function fill(plan: Plan, value: object): void {
  for (const own of plan.own) own(value)
  const object = value as Record<string, unknown>
  for (const { name, walk } of plan.inner) if (object[name] !== undefined) walk(object[name])
}
