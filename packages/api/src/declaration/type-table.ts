/**
 * How the types of an API group version are written down: a plain literal, a line per field. The TypeScript types
 * (`TypeOf`) and the run-time schemas (`schemaOf`) both derive from it.
 *
 *     ContainerPort: {
 *       name: ['string', 1],
 *       containerPort: ['int32!', 3],
 *       protocol: ['Protocol', 4, { default: 'TCP' }],
 *     },
 *     Protocol: ['TCP', 'UDP', 'SCTP'],
 */
export type TypeTable = Readonly<Record<string, TypeDeclaration>>

/** A struct, an enumeration (ending in `'*'` when other values are allowed), or another name for a type expression. */
export type TypeDeclaration = StructDeclaration | readonly string[] | string

/**
 * Fields by JSON name. `$` says what is true of the struct as a whole; `'...'` names a struct whose fields appear flat
 * at that place in JSON and are a message of their own, with the number given, in protobuf.
 */
export type StructDeclaration = Readonly<Record<string, FieldDeclaration | StructNote>> & { readonly $?: StructNote }

/** Type expression, protobuf field number (0 where the type has no protobuf form), and what else is to be known. */
export type FieldDeclaration = readonly [type: TypeExpression, number: number, note?: FieldNote]

/**
 * A type name, then `[]` for a list or `{}` for a map, then `?` when absent differs from zero (a pointer upstream),
 * then `!` when the field is required, and so, as a rule, always encoded. A name is a scalar (`string`, `int32`, `Quantity`, `Time`, …), a type of
 * the same table, or qualified: `meta.v1.LabelSelector`.
 */
export type TypeExpression = string

export interface StructNote {
  /** A whole object: apiVersion and kind beside the fields. */
  readonly object?: boolean
  /** Server-side apply owns the struct as one value. */
  readonly atomic?: boolean
  readonly about?: string
}

export interface FieldNote {
  /** The list is a map for server-side apply, keyed by these fields. */
  readonly keys?: readonly string[]
  /** The list is a set for server-side apply. */
  readonly set?: boolean
  /** The map is owned as one value by server-side apply. */
  readonly atomic?: boolean
  /** Strategic merge: merged by this key of the items, or as a set of scalars (`true`). */
  readonly merge?: string | true
  /** Strategic merge: fields the patch does not list under $retainKeys are dropped. */
  readonly retainKeys?: boolean
  /** Strategic merge: replaced as a whole although it is a struct. */
  readonly replace?: boolean
  /** An empty value is encoded although the field is not required, or omitted although it is (where upstream's tags say so). */
  readonly empty?: 'encoded' | 'omitted'
  readonly default?: unknown
  /** Feature gate, off by default, without which the field is dropped on write. */
  readonly gate?: string
  readonly about?: string
}
