import { type Kind, schemaOf } from '@treeline/api'
import type { GroupVersionKind, Schema } from '@treeline/machinery'
import { metaPrefix } from './operations.js'
import { ownSchema, type References, type SchemaObject } from './schema-object.js'

/** Meta types that operations name, beyond those that kinds refer to. */
const metaTypes = ['APIResourceList', 'DeleteOptions', 'Status', 'WatchEvent']

/** Collects the definitions of a document: every type that its kinds reach, once. */
export class Definitions {
  private readonly schemas = new Map<string, Schema>()
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
    this.add(type, kind.schema, kind)
    const list = kind.listSchema?.name ?? `${type}List`
    if (kind.listSchema) this.add(list, kind.listSchema, { group: kind.group, version: kind.version, kind: kind.listKind })
    else if (kind.custom) this.add(list, listOf(kind.schema), { group: kind.group, version: kind.version, kind: kind.listKind })
    return { type, list }
  }

  /** The definitions by name, with everything they refer to. */
  build(): Record<string, SchemaObject> {
    const built = new Map<string, SchemaObject>()
    for (let more = true; more; ) {
      more = false
      for (const [name, schema] of this.schemas) {
        if (built.has(name)) continue
        more = true
        const object = ownSchema(schema, this.references)
        const kinds = this.kindsOfType.get(name)
        built.set(
          name,
          kinds
            ? { ...object, 'x-kubernetes-group-version-kind': kinds.map(({ group, kind, version }) => ({ group, kind, version })) }
            : object,
        )
      }
    }
    built.set(`${metaPrefix}Patch`, { description: 'a patch of one of the media types that the server takes', type: 'object' })
    return Object.fromEntries([...built].sort(([a], [b]) => (a < b ? -1 : 1)))
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

function listOf(items: Schema): Schema {
  return {
    type: 'struct',
    fields: new Map([
      ['apiVersion', { schema: { type: 'string' } }],
      ['items', { schema: { type: 'list', items, listType: 'atomic', keys: [] }, required: true }],
      ['kind', { schema: { type: 'string' } }],
      ['metadata', { schema: schemaOf('meta.v1.ListMeta') }],
    ]),
  }
}
