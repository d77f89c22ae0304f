import type { ObjectMeta, OwnerReference } from '@treeline/machinery'
import type { GroupTables } from '../group-tables.js'

/** Key of a group version among the tables, such as `core.v1`. */
export type GroupKey = keyof GroupTables

/** Qualified name of a declared type, such as `core.v1.PodSpec`. */
export type TypeName = { [G in GroupKey]: `${G}.${keyof GroupTables[G] & string}` }[GroupKey]

/** The TypeScript type of a declared type: `TypeOf<'core.v1.Pod'>`. */
export type TypeOf<Name extends string> = Name extends keyof WrittenTypes
  ? WrittenTypes[Name]
  : Name extends `${infer Group}.${infer Version}.${infer Type}`
    ? `${Group}.${Version}` extends GroupKey
      ? Declared<`${Group}.${Version}`, Type>
      : never
    : never

/** A list of objects as the API answers it. */
export interface ListOf<Item> {
  apiVersion?: string
  kind?: string
  metadata: TypeOf<'meta.v1.ListMeta'>
  items: Item[]
}

type Declared<Group extends GroupKey, Type extends string> = Type extends keyof GroupTables[Group]
  ? GroupTables[Group][Type] extends readonly string[]
    ? Enumeration<GroupTables[Group][Type][number]>
    : GroupTables[Group][Type] extends string
      ? Value<GroupTables[Group][Type], Group>
      : Struct<GroupTables[Group][Type], Group>
  : never

type Enumeration<Values extends string> = '*' extends Values ? Exclude<Values, '*'> | (string & {}) : Values

type Struct<Fields, Group extends GroupKey> = Flat<
  { [F in RequiredKeys<Fields>]: FieldValue<Fields[F], Group> } & { [F in OptionalKeys<Fields>]?: FieldValue<Fields[F], Group> } & Inlined<
      Fields,
      Group
    >
>

/** Resolves an intersection into one object type, so that messages and editors show fields. */
type Flat<T> = { [K in keyof T]: T[K] }

type RequiredKeys<Fields> = {
  [F in keyof Fields]: F extends '$' | '...'
    ? never
    : Fields[F] extends readonly [`${string}!`, ...unknown[]]
      ? F
      : F extends 'metadata'
        ? Fields extends { readonly $: { readonly object: true } }
          ? F
          : never
        : never
}[keyof Fields]

type OptionalKeys<Fields> = Exclude<keyof Fields, RequiredKeys<Fields> | '$' | '...'>

type FieldValue<Field, Group extends GroupKey> = Field extends readonly [infer Type extends string, ...unknown[]]
  ? FieldType<Type, Group>
  : never

/** A time that is not a pointer upstream is encoded as null when it is not set. */
type FieldType<Type extends string, Group extends GroupKey> = Type extends 'Time' | 'MicroTime' ? string | null : Value<Type, Group>

type Inlined<Fields, Group extends GroupKey> = (Fields extends { readonly $: { readonly object: true } }
  ? { apiVersion?: string; kind?: string }
  : unknown) &
  (Fields extends { readonly '...': readonly [infer Type extends string, number] } ? Value<Type, Group> : unknown)

type Value<Type extends string, Group extends GroupKey> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends `${infer Base}!` | `${infer Base}?`
    ? Value<Base, Group>
    : Type extends `${infer Item}[]`
      ? Value<Item, Group>[]
      : Type extends `${infer Item}{}`
        ? { [key: string]: Value<Item, Group> }
        : Type extends `${string}.${string}`
          ? TypeOf<Type>
          : TypeOf<`${Group}.${Type}`>

interface Scalars {
  string: string
  boolean: boolean
  int32: number
  int64: number
  double: number
  /** Base64. */
  bytes: string
  Quantity: string
  IntOrString: number | string
  /** RFC 3339, seconds. */
  Time: string
  /** RFC 3339, microseconds. */
  MicroTime: string
  Duration: string
  /** Any JSON. */
  any: unknown
}

/** Types whose TypeScript form says more than their table does. */
interface WrittenTypes {
  'meta.v1.ObjectMeta': ObjectMeta
  'meta.v1.OwnerReference': OwnerReference
  'apiextensions.v1.JSON': unknown
  'apiextensions.v1.JSONSchemaPropsOrBool': TypeOf<'apiextensions.v1.JSONSchemaProps'> | boolean
  'apiextensions.v1.JSONSchemaPropsOrArray': TypeOf<'apiextensions.v1.JSONSchemaProps'> | TypeOf<'apiextensions.v1.JSONSchemaProps'>[]
  'apiextensions.v1.JSONSchemaPropsOrStringArray': TypeOf<'apiextensions.v1.JSONSchemaProps'> | string[]
}
