import type { Backend, Garbage } from './backend.js'

/**
 * What compaction up to `compacted` makes superfluous, looking at one slice of the log after `swept`: the record before
 * each record, and deletions themselves. The newest put of a key up to `compacted` stays, since readers at `compacted`
 * see it.
 */
export function findGarbage(backend: Backend, swept: number, compacted: number): { garbage: Garbage; through: number } {
  const through = Math.min(compacted, swept + sliceOfLog)
  const revisions: number[] = []
  const keys: string[] = []
  for (let revision = swept + 1; revision <= through; revision++) {
    const link = backend.link(revision)
    if (!link) continue
    if (link.previous !== 0) revisions.push(link.previous)
    if (link.type === 'put') continue
    revisions.push(revision)
    if (backend.head(link.key)?.revision === revision) keys.push(link.key)
  }
  return { garbage: { revisions, keys }, through }
}

/** Revisions looked at in one transaction, which is time that writes wait. */
const sliceOfLog = 1000
