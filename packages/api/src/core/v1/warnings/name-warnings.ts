import { validateDnsLabel } from '@treeline/machinery'

/** A name that is no DNS label is allowed, but shows up where only labels work. */
export function podNameWarnings(name: string | undefined, usedIn: string): string[] {
  const problems = name ? validateDnsLabel(name) : []
  if (problems.length === 0) return []
  return [
    `metadata.name: this is used in ${usedIn}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
  ]
}
