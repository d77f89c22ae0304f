import { type Kind, schemaOf } from '@treeline/api'
import type { GroupVersionKind, Schema } from '@treeline/machinery'
import type { JsonSchema } from '../customresources/schema/json-schema.js'
import { customDefinition, customListDefinition } from './custom-definition.js'
import { metaPrefix } from './operations.js'
import { ownSchema, type References, type SchemaObject } from './schema-object.js'

/** Meta types that operations name, beyond those that kinds refer to. */
const metaTypes = ['APIResourceList', 'DeleteOptions', 'Status', 'WatchEvent']

/** Collects the definitions of a document: every type that its kinds reach, once. */
export class Definitions {
  private readonly schemas = new Map<string, Schema>()
  /** Definitions of custom kinds, which come as they are. */
  private readonly made = new Map<string, SchemaObject>()
  private readonly kindsOfType = new Map<string, GroupVersionKind[]>()
  private readonly references: References

  constructor(prefix: string, version: 2 | 3) {
    this.references = {
      prefix,
      version,
      seen: (name, schema) => {
        if (!this.schemas.has(name)) this.schemas.set(name, schema)
      },
    }
    for (const name of metaTypes) this.add(metaPrefix + name, schemaOf(`meta.v1.${name}`))
  }

  /** The definition names of a kind and its list. */
  addKind(kind: Kind): { readonly type: string; readonly list: string } {
    const type = kind.schema.name ?? `${reversed(kind.group)}.${kind.version}.${kind.kind}`
    if (kind.openApi) return this.addCustomKind(kind, type, kind.openApi)
    this.add(type, kind.schema, kind)
    const list = kind.listSchema?.name ?? `${type}List`
    if (kind.listSchema) this.add(list, kind.listSchema, listOf(kind))
    return { type, list }
  }

  /** The definitions by name, with everything they refer to. */
  build(): Record<string, SchemaObject> {
    const built = new Map(this.made)
    for (let more = true; more; ) {
      more = false
      for (const [name, schema] of this.schemas) {
        if (built.has(name)) continue
        more = true
        built.set(name, this.ofKinds(name, ownSchema(schema, this.references)))
      }
    }
    built.set(`${metaPrefix}Patch`, { description: 'a patch of one of the media types that the server takes', type: 'object' })
    return Object.fromEntries([...built].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  private addCustomKind(kind: Kind, type: string, schema: JsonSchema): { readonly type: string; readonly list: string } {
    const list = `${reversed(kind.group)}.${kind.version}.${kind.listKind}`
    this.kindsOfType.set(type, [kind])
    this.kindsOfType.set(list, [listOf(kind)])
    this.made.set(type, this.ofKinds(type, customDefinition(kind, schema, this.references)))
    this.made.set(list, this.ofKinds(list, customListDefinition(kind, type, this.references)))
    return { type, list }
  }

  private ofKinds(name: string, object: SchemaObject): SchemaObject {
    const kinds = this.kindsOfType.get(name)?.map(({ group, kind, version }) => ({ group, kind, version }))
    return kinds ? { ...object, 'x-kubernetes-group-version-kind': kinds } : object
  }

  private add(name: string, schema: Schema, kind?: GroupVersionKind): void {
    this.schemas.set(name, schema)
    if (kind) this.kindsOfType.set(name, [...(this.kindsOfType.get(name) ?? []), kind])
  }
}

/** `com.example` for `example.com`, as definition names begin. */
function reversed(group: string): string {
  return group.split('.').reverse().join('.')
}

function listOf({ group, version, listKind }: Kind): GroupVersionKind {
  return { group, version, kind: listKind }
}
