import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '@treeline/machinery'
import { builtinKinds } from './builtin-kinds.js'

for (const kind of builtinKinds) {
  test(`the schema of ${kind.group}/${kind.version} ${kind.kind} resolves`, () => {
    visit(kind.schema, new Set())
    if (kind.listSchema) visit(kind.listSchema, new Set())
    assert.ok(kind.schema.fields.has('metadata'))
  })
}

function visit(schema: Schema, seen: Set<Schema>): void {
  if (seen.has(schema)) return
  seen.add(schema)
  if (schema.type === 'list') visit(schema.items, seen)
  if (schema.type === 'map') visit(schema.values, seen)
  if (schema.type === 'struct') for (const field of schema.fields.values()) visit(field.schema, seen)
}
