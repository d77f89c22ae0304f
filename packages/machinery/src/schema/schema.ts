/**
 * The one schema form of the house. The types of built-in kinds and the structural schemas of custom resources both
 * become this value; normalising, pruning, defaulting, field validation, strategic merge, server-side apply and OpenAPI
 * all walk it.
 */
export type Schema = StructSchema | MapSchema | ListSchema | ScalarSchema | AnySchema

/** An object with declared fields. `fields` may be filled after construction, so that types can refer to each other. */
export interface StructSchema {
  readonly type: 'struct'
  /** OpenAPI definition name, such as `io.k8s.api.core.v1.Pod`; absent for anonymous structs of custom resources. */
  readonly name?: string
  readonly fields: ReadonlyMap<string, Field>
  /** Owned as one value by server-side apply. */
  readonly atomic?: boolean
  /** Fields outside `fields` are kept (x-kubernetes-preserve-unknown-fields). */
  readonly preserveUnknownFields?: boolean
  /** Of the fields that are kept so, objects lose all that is in them (additionalProperties: true). */
  readonly emptiesUnknownFields?: boolean
  /** The value is a whole object with its own apiVersion, kind and metadata (x-kubernetes-embedded-resource). */
  readonly embeddedResource?: boolean
  readonly nullable?: boolean
  readonly description?: string
}

/** An object with free keys, all values of one schema. */
export interface MapSchema {
  readonly type: 'map'
  readonly values: Schema
  /** Takes the place of a null value, where null is not allowed. */
  readonly valueDefault?: unknown
  readonly atomic?: boolean
  readonly nullable?: boolean
  readonly description?: string
}

export interface ListSchema {
  readonly type: 'list'
  readonly items: Schema
  /** Takes the place of a null item, where null is not allowed. */
  readonly itemDefault?: unknown
  /** How server-side apply sees the list: as one value, as a set of scalars, or as a map keyed by `keys`. */
  readonly listType: 'atomic' | 'set' | 'map'
  /** Field names that identify an item; non-empty exactly for listType `map`. */
  readonly keys: readonly string[]
  readonly nullable?: boolean
  readonly description?: string
}

/**
 * A leaf. `quantity`, `int-or-string`, `time` (RFC 3339 seconds), `micro-time`, `duration` and `bytes` (base64) have
 * their own encodings.
 */
export interface ScalarSchema {
  readonly type:
    | 'string'
    | 'boolean'
    | 'int32'
    | 'int64'
    | 'number'
    | 'quantity'
    | 'int-or-string'
    | 'time'
    | 'micro-time'
    | 'duration'
    | 'bytes'
  readonly values?: readonly string[]
  readonly nullable?: boolean
  readonly description?: string
  /** OpenAPI definition name of a named scalar with a `$ref` of its own, such as Quantity or Time. */
  readonly name?: string
}

/** Any JSON value, kept as it is (RawExtension, JSON, preserved subtrees). Server-side apply deduces its shape. */
export interface AnySchema {
  readonly type: 'any'
  readonly nullable?: boolean
  readonly name?: string
  readonly description?: string
  /** Pruning leaves nothing in objects: they are not what is meant to stand here (x-kubernetes-int-or-string). */
  readonly emptiesObjects?: boolean
}

export interface Field {
  readonly schema: Schema
  /** Must be given, as OpenAPI tells it; unless `encodeEmpty` says otherwise it is encoded even when empty. */
  readonly required?: boolean
  /** An empty value is encoded (no omitempty upstream); absent means as `required` says. */
  readonly encodeEmpty?: boolean
  /** Absent differs from zero: an explicit zero is kept. Without it a zero scalar, empty list or map is not encoded; a struct always is. */
  readonly pointer?: boolean
  /** Static default, filled by `applyDefaults` when the field is absent. */
  readonly default?: unknown
  readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[]
  readonly patchMergeKey?: string
  /** Protobuf field number. */
  readonly number?: number
  /** Protobuf numbers of the messages around the field that JSON does not show, outermost first (Go's embedded structs). */
  readonly within?: readonly number[]
  readonly description?: string
  /** Off by default upstream: the field is dropped on write. */
  readonly featureGate?: string
}
