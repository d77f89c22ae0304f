import type { Field, ListSchema, Schema, StructSchema } from '../schema/schema.js'

const string: Schema = { type: 'string' }
const number: Schema = { type: 'int32' }

function struct(fields: Record<string, Schema | Field>, more: Partial<StructSchema> = {}): StructSchema {
  const entries = Object.entries(fields).map(([name, value]): [string, Field] => [name, 'schema' in value ? value : { schema: value }])
  return { type: 'struct', fields: new Map(entries), ...more }
}

function list(items: Schema, listType: ListSchema['listType'], keys: readonly string[] = []): ListSchema {
  return { type: 'list', items, listType, keys }
}

const port = struct({ port: { schema: number, required: true }, protocol: { schema: string, default: 'TCP' }, name: string })
const container = struct({
  name: { schema: string, required: true },
  image: string,
  command: list(string, 'atomic'),
  env: list(struct({ name: { schema: string, required: true }, value: string }), 'map', ['name']),
  security: { schema: struct({ user: { schema: number, pointer: true } }), pointer: true },
})

/** A kind that has every sort of field that server-side apply tells apart. For tests. */
export const gadgetSchema: StructSchema = struct({
  apiVersion: string,
  kind: string,
  metadata: struct({
    name: string,
    namespace: string,
    uid: string,
    resourceVersion: string,
    labels: { type: 'map', values: string },
    annotations: { type: 'map', values: string },
    finalizers: list(string, 'set'),
    managedFields: list({ type: 'any' }, 'atomic'),
  }),
  spec: struct({
    replicas: { schema: number, pointer: true },
    selector: { type: 'map', values: string, atomic: true },
    target: { schema: struct({ kind: string, name: string }, { atomic: true }), pointer: true },
    containers: { schema: list(container, 'map', ['name']), required: true },
    ports: list(port, 'map', ['port', 'protocol']),
    config: { type: 'any' },
  }),
  status: struct({ ready: number }),
})
