import type { AnySchema, Field, ListSchema, MapSchema, ScalarSchema, Schema, StructSchema } from '@treeline/machinery'
import { groups } from '../groups.js'
import { typeMetaFields } from './type-meta.js'
import type { FieldDeclaration, FieldNote, StructDeclaration, StructNote, TypeDeclaration } from './type-table.js'

/** The schema of a declared struct, such as `core.v1.Pod`, or of its list, such as `core.v1.PodList`. Throws on an unknown name. */
export function schemaOf(name: string): StructSchema {
  const schema = declaredSchema(name)
  if (schema.type !== 'struct') throw new Error(`${name} is not a struct`)
  return schema
}

const schemas = new Map<string, Schema>()

/** Schemas are made once per name and shared; a struct makes those of its fields when they are first asked for. */
function declaredSchema(name: string): Schema {
  let schema = schemas.get(name)
  if (!schema) {
    schema = make(name)
    schemas.set(name, schema)
  }
  return schema
}

function make(name: string): Schema {
  const [groupKey, typeName] = splitName(name)
  const group = groups[groupKey]
  if (!group) throw new Error(`no group version ${groupKey} is declared (${name})`)
  const definition = `${group.definitionPrefix}.${typeName}`
  const declaration = Object.hasOwn(group.types, typeName) ? group.types[typeName] : undefined
  if (declaration === undefined) {
    const item = typeName.endsWith('List') ? typeName.slice(0, -'List'.length) : ''
    if (Object.hasOwn(group.types, item)) return struct(definition, listOf(item), groupKey)
    throw new Error(`no type ${name} is declared`)
  }
  if (typeof declaration === 'string') {
    return declaration === 'any' ? { type: 'any', name: definition } : expressionSchema(declaration, groupKey)
  }
  if (isEnumeration(declaration)) {
    return declaration.at(-1) === '*' ? { type: 'string' } : { type: 'string', values: declaration }
  }
  return struct(definition, declaration, groupKey)
}

const listOf = (item: string): StructDeclaration => ({
  $: { object: true },
  metadata: ['meta.v1.ListMeta', 1],
  items: [`${item}[]!`, 2],
})

function struct(name: string, declaration: StructDeclaration, groupKey: string): StructSchema {
  const note = declaration.$
  let fields: ReadonlyMap<string, Field> | undefined
  return {
    type: 'struct',
    name,
    get fields() {
      fields ??= fieldsOf(declaration, groupKey)
      return fields
    },
    ...(note?.atomic && { atomic: true }),
    ...(note?.about && { description: note.about }),
  }
}

function fieldsOf(declaration: StructDeclaration, groupKey: string): Map<string, Field> {
  const fields = new Map<string, Field>(declaration.$?.object ? typeMetaFields : [])
  for (const [name, entry] of Object.entries(declaration)) {
    if (!isField(entry)) continue
    if (name === '...') {
      for (const [inner, field] of schemaOf(qualified(entry[0], groupKey)).fields) {
        fields.set(inner, { ...field, within: [entry[1], ...(field.within ?? [])] })
      }
    } else {
      const field = fieldOf(entry, groupKey)
      const usual = declaration.$?.object ? usualFields[name] : undefined
      fields.set(name, usual && !field.description ? { ...field, description: usual } : field)
    }
  }
  return fields
}

/** Fields that mean the same in every object. */
const usualFields: Readonly<Record<string, string>> = {
  metadata: 'What all objects have: name, namespace, labels and the like.',
  spec: 'What is wanted.',
  status: 'What was observed.',
  items: 'The objects.',
}

function fieldOf([expression, number, note = {}]: FieldDeclaration, groupKey: string): Field {
  const required = expression.endsWith('!')
  const optional = required ? expression.slice(0, -1) : expression
  const pointer = optional.endsWith('?')
  const schema = expressionSchema(pointer ? optional.slice(0, -1) : optional, groupKey, note)
  const patchStrategy = patchStrategyOf(note)
  return {
    schema,
    ...(number > 0 && { number }),
    ...(required && { required }),
    ...(pointer && { pointer }),
    ...(note.empty && { encodeEmpty: note.empty === 'encoded' }),
    ...(note.default !== undefined && { default: note.default }),
    ...(patchStrategy.length > 0 && { patchStrategy }),
    ...(typeof note.merge === 'string' && { patchMergeKey: note.merge }),
    ...(note.gate && { featureGate: note.gate }),
    ...(note.about && { description: note.about }),
  }
}

/** In the order upstream's tags have them. */
function patchStrategyOf(note: FieldNote): NonNullable<Field['patchStrategy']> {
  if (note.replace) return ['replace']
  if (!note.merge) return note.retainKeys ? ['retainKeys'] : []
  return note.retainKeys ? ['merge', 'retainKeys'] : ['merge']
}

function expressionSchema(expression: string, groupKey: string, note: FieldNote = {}): Schema {
  if (expression.endsWith('[]')) return listSchema(expressionSchema(expression.slice(0, -2), groupKey), note)
  if (expression.endsWith('{}')) return mapSchema(expressionSchema(expression.slice(0, -2), groupKey), note)
  return scalars[expression] ?? declaredSchema(qualified(expression, groupKey))
}

function listSchema(items: Schema, { keys, set }: FieldNote): ListSchema {
  if (keys) return { type: 'list', items, listType: 'map', keys }
  return { type: 'list', items, listType: set ? 'set' : 'atomic', keys: [] }
}

function mapSchema(values: Schema, { atomic }: FieldNote): MapSchema {
  return { type: 'map', values, ...(atomic && { atomic }) }
}

const qualified = (type: string, groupKey: string): string => (type.includes('.') ? type : `${groupKey}.${type}`)

function splitName(name: string): [group: string, type: string] {
  const dot = name.lastIndexOf('.')
  return [name.slice(0, dot), name.slice(dot + 1)]
}

const isEnumeration = (declaration: TypeDeclaration): declaration is readonly string[] => Array.isArray(declaration)

const isField = (entry: FieldDeclaration | StructNote | undefined): entry is FieldDeclaration => Array.isArray(entry)

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

const scalars: Readonly<Record<string, ScalarSchema | AnySchema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'int32' },
  int64: { type: 'int64' },
  double: { type: 'number' },
  bytes: { type: 'bytes' },
  Quantity: { type: 'quantity', name: 'io.k8s.apimachinery.pkg.api.resource.Quantity' },
  IntOrString: { type: 'int-or-string', name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString' },
  Time: { type: 'time', name: `${meta}.Time` },
  MicroTime: { type: 'micro-time', name: `${meta}.MicroTime` },
  Duration: { type: 'duration', name: `${meta}.Duration` },
  any: { type: 'any', name: 'io.k8s.apimachinery.pkg.runtime.RawExtension' },
}
