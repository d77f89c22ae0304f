import { additionalOf, isList, type JsonSchema } from '../schema/json-schema.js'

/** A schema as upstream's messages show it: every field of its own type, set or not. */
export function shownSchema(schema: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(fields.map(([name, keyword, empty]) => [name, shown(keyword, schema) ?? empty]))
}

const fields: readonly (readonly [name: string, keyword: string, empty: unknown])[] = [
  ['ID', 'id', ''],
  ['Schema', '$schema', ''],
  ['Ref', '$ref', null],
  ['Description', 'description', ''],
  ['Type', 'type', ''],
  ['Nullable', 'nullable', false],
  ['Format', 'format', ''],
  ['Title', 'title', ''],
  ['Default', 'default', null],
  ['Maximum', 'maximum', null],
  ['ExclusiveMaximum', 'exclusiveMaximum', false],
  ['Minimum', 'minimum', null],
  ['ExclusiveMinimum', 'exclusiveMinimum', false],
  ['MaxLength', 'maxLength', null],
  ['MinLength', 'minLength', null],
  ['Pattern', 'pattern', ''],
  ['MaxItems', 'maxItems', null],
  ['MinItems', 'minItems', null],
  ['UniqueItems', 'uniqueItems', false],
  ['MultipleOf', 'multipleOf', null],
  ['Enum', 'enum', null],
  ['MaxProperties', 'maxProperties', null],
  ['MinProperties', 'minProperties', null],
  ['Required', 'required', null],
  ['Items', 'items', null],
  ['AllOf', 'allOf', null],
  ['OneOf', 'oneOf', null],
  ['AnyOf', 'anyOf', null],
  ['Not', 'not', null],
  ['Properties', 'properties', null],
  ['AdditionalProperties', 'additionalProperties', null],
  ['PatternProperties', 'patternProperties', null],
  ['Dependencies', 'dependencies', null],
  ['AdditionalItems', 'additionalItems', null],
  ['Definitions', 'definitions', null],
  ['ExternalDocs', 'externalDocs', null],
  ['Example', 'example', null],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', null],
  ['XEmbeddedResource', 'x-kubernetes-embedded-resource', false],
  ['XIntOrString', 'x-kubernetes-int-or-string', false],
  ['XListMapKeys', 'x-kubernetes-list-map-keys', null],
  ['XListType', 'x-kubernetes-list-type', null],
  ['XMapType', 'x-kubernetes-map-type', null],
  ['XValidations', 'x-kubernetes-validations', null],
]

function shown(keyword: string, schema: JsonSchema): unknown {
  const value = (schema as Readonly<Record<string, unknown>>)[keyword]
  switch (keyword) {
    case 'properties':
    case 'patternProperties':
    case 'definitions':
      return value && shownMap(value as Record<string, JsonSchema>)
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return (value as JsonSchema[] | undefined)?.map(shownSchema)
    case 'not':
      return value && shownSchema(value as JsonSchema)
    case 'items':
      return (
        value && {
          Schema: isList(schema.items) ? null : shownSchema(value as JsonSchema),
          JSONSchemas: isList(schema.items) ? schema.items.map(shownSchema) : null,
        }
      )
    case 'additionalProperties': {
      const additional = additionalOf(schema)
      return value === undefined ? undefined : { Allows: value !== false, Schema: additional ? shownSchema(additional) : null }
    }
    default:
      return value
  }
}

function shownMap(map: Readonly<Record<string, JsonSchema>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, shownSchema(map[key] as JsonSchema)]),
  )
}
