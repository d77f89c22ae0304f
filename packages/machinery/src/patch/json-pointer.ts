/** The steps of an RFC 6901 pointer below the document; undefined for the document itself. Upstream skips what precedes the first slash. */
export function pointerSteps(pointer: string): string[] | undefined {
  const [, ...steps] = pointer.split('/')
  return steps.length === 0 ? undefined : steps.map((step) => step.replace(/~[01]/g, (escaped) => (escaped === '~1' ? '/' : '~')))
}

/** An array index as upstream reads it: any decimal integer, signs and leading zeros included. */
export function arrayIndex(step: string): number | undefined {
  return /^[+-]?\d{1,15}$/.test(step) ? Number(step) + 0 : undefined
}
