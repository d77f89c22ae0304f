/** JSON as Go's encoding/json prints it: compact, and `<`, `>`, `&`, U+2028, U+2029 escaped. `undefined` is `null`. */
export function compactJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
