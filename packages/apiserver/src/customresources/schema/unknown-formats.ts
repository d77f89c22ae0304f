import { knownFormats } from '../values/formats.js'
import { type JsonSchema, schemasWithin } from './json-schema.js'

/** Formats of strings that nobody will check. */
export function unknownFormats(schema: JsonSchema): string[] {
  const found: string[] = []
  for (const { type, format } of schemasWithin(schema)) {
    if (format && type === 'string' && !knownFormats.has(format.replaceAll('-', ''))) found.push(format)
  }
  return found
}
