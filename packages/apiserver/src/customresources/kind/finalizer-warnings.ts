import { quote, validateQualifiedName } from '@treeline/machinery'

const standard: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes'])
const place = 'metadata.finalizers'

/** Warnings for finalizers whose names may clash with those of others; on built-in kinds they would be errors. */
export function finalizerWarnings(finalizers: readonly string[]): string[] {
  return [...finalizers].sort().flatMap((finalizer) => {
    const warnings = validateQualifiedName(finalizer).map((problem) => `${place}: ${quote(finalizer)}: ${problem}`)
    if (finalizer.includes('/') || standard.has(finalizer)) return warnings
    const path = finalizer.includes('.') ? ' including a path (/)' : ''
    const text = `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`
    return [...warnings, `${place}: ${quote(finalizer)}: ${text}`]
  })
}
