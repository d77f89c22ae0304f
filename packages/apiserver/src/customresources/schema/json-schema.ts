/** JSONSchemaProps of apiextensions.k8s.io/v1, as far as anything here looks at it. Values come from users: decoded, not yet validated. */
export interface JsonSchema {
  readonly id?: string
  readonly $ref?: string
  readonly description?: string
  readonly type?: string
  readonly format?: string
  readonly title?: string
  readonly default?: unknown
  readonly maximum?: number
  readonly exclusiveMaximum?: boolean
  readonly minimum?: number
  readonly exclusiveMinimum?: boolean
  readonly maxLength?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly maxItems?: number
  readonly minItems?: number
  readonly uniqueItems?: boolean
  readonly multipleOf?: number
  readonly enum?: readonly unknown[]
  readonly maxProperties?: number
  readonly minProperties?: number
  readonly required?: readonly string[]
  readonly items?: JsonSchema | readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly not?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly dependencies?: Readonly<Record<string, JsonSchema | readonly string[]>>
  readonly additionalItems?: JsonSchema | boolean
  readonly definitions?: Readonly<Record<string, JsonSchema>>
  readonly externalDocs?: object
  readonly example?: unknown
  readonly nullable?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-validations'?: readonly JsonValidationRule[]
}

/** One CEL rule of `x-kubernetes-validations`. */
export interface JsonValidationRule {
  readonly rule: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: string
  readonly fieldPath?: string
  readonly optionalOldSelf?: boolean
}

/** Properties in the order of their names, so that errors come out in one order. */
export function propertiesOf(schema: JsonSchema): [name: string, schema: JsonSchema][] {
  return Object.entries(schema.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A property that the schema itself declares. */
export function propertyOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  return schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
}

/** The schema of list items, when there is one for all. */
export function itemsOf(schema: JsonSchema): JsonSchema | undefined {
  return schema.items !== undefined && !isList(schema.items) ? schema.items : undefined
}

/** The schema of the values of undeclared keys. */
export function additionalOf(schema: JsonSchema): JsonSchema | undefined {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

/** Narrows to a list of schemas. */
export function isList(value: JsonSchema | readonly JsonSchema[] | undefined): value is readonly JsonSchema[] {
  return Array.isArray(value)
}

/** Every schema within a schema, itself first. */
export function* schemasWithin(schema: JsonSchema): Generator<JsonSchema> {
  yield schema
  const { items, additionalProperties, additionalItems, not } = schema
  const single = [additionalProperties, additionalItems, not].filter((inner) => typeof inner === 'object')
  const lists = [isList(items) ? items : items ? [items] : [], schema.allOf, schema.anyOf, schema.oneOf]
  const maps = [schema.properties, schema.patternProperties, schema.definitions, schema.dependencies]
  for (const inner of single) yield* schemasWithin(inner)
  for (const list of lists) for (const inner of list ?? []) yield* schemasWithin(inner)
  for (const map of maps) for (const inner of Object.values(map ?? {})) if (!Array.isArray(inner)) yield* schemasWithin(inner as JsonSchema)
}
