import { additionalOf, type JsonSchema, propertyOf } from './json-schema.js'

/** A field that a path such as `.spec.replicas` or `.labels['a.b']` leads to, or why it leads nowhere. */
export type FoundField = { readonly names: readonly string[]; readonly schema: JsonSchema | undefined } | { readonly problem: string }

/** Follows a path from a schema, in the notation of CEL field paths. */
export function fieldAt(schema: JsonSchema, path: string, options: { readonly arrayNotation?: boolean } = {}): FoundField {
  const names: string[] = []
  let current: JsonSchema | undefined = schema
  const tokens = tokensOf(path)
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token !== '.' && token !== '[') return { problem: `expected [ or . but got: ${token}` }
    if (token === '[' && options.arrayNotation === false) return { problem: 'array notation is not allowed' }
    const next = tokens[++i]
    if (next === undefined) return { problem: 'unexpected end of JSON path' }
    let name = next
    if (token === '[') {
      if (next.length < 2 || !next.startsWith("'") || !next.endsWith("'"))
        return { problem: `expected single quoted string but got ${next}` }
      name = next.slice(1, -1).replace(/\\(.)/g, '$1')
    }
    const hasProperties: boolean = current?.properties !== undefined
    if (!current || (!hasProperties && current.additionalProperties === undefined)) return { problem: 'does not refer to a valid field' }
    const property: JsonSchema | undefined = hasProperties ? propertyOf(current, name) : additionalOf(current)
    if (hasProperties && !property) return { problem: 'does not refer to a valid field' }
    names.push(name)
    current = property
    if (token !== '[') continue
    const close = tokens[++i]
    if (close === undefined) return { problem: 'unexpected end of JSON path' }
    if (close !== ']') return { problem: `expected ] but got ${close}` }
  }
  return { names, schema: current }
}

function tokensOf(path: string): string[] {
  return path.match(/[.[\]]|'(?:\\.|[^'\\])*'|[^.[\]]+/g) ?? []
}
