/**
 * How a spec was changed, for people. Upstream prints its internal structs here; the text is no part of the contract.
 */
export function specDifference(old: object, changed: object): string {
  const lines: string[] = []
  collect(old, changed, '', lines)
  return lines.slice(0, maxLines).join('\n')
}

const maxLines = 50

function collect(old: unknown, changed: unknown, path: string, lines: string[]): void {
  if (lines.length >= maxLines || old === changed) return
  if (typeof old !== 'object' || typeof changed !== 'object' || !old || !changed) {
    if (old !== undefined) lines.push(`- ${path}: ${JSON.stringify(old)}`)
    if (changed !== undefined) lines.push(`+ ${path}: ${JSON.stringify(changed)}`)
    return
  }
  const before = old as Record<string, unknown>
  const after = changed as Record<string, unknown>
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    collect(before[key], after[key], path === '' ? key : `${path}.${key}`, lines)
  }
}
