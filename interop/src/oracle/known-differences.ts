import { readFileSync } from 'node:fs'
import type { Comparison } from './compare.js'

/** Steps whose answers are known to differ, each with a reason that a user would accept. */
export type KnownDifferences = Readonly<Record<string, string>>

export const readKnownDifferences = (): KnownDifferences =>
  JSON.parse(readFileSync(new URL('../../differences.json', import.meta.url), 'utf8')) as KnownDifferences

/** What a list of known differences and what was found say against each other, as sentences. */
export function disagreements(known: KnownDifferences, prefix: string, { differences }: Comparison): string[] {
  const found = new Set(differences.map(({ step }) => step))
  return [
    ...differences.filter(({ step }) => !(step in known)).map(({ step, text }) => `differs, and is not listed: ${step}\n    ${text}`),
    ...Object.keys(known)
      .filter((step) => step.startsWith(prefix) && !found.has(step))
      .map((step) => `is listed and differs no longer: ${step}`),
  ]
}
