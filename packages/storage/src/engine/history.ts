import { compareKeys } from '../key.js'
import type { Entry, RangeRequest, RangeResult } from '../store.js'
import type { Backend, Head } from './backend.js'

/** The entry of a key as of a revision. */
export function readEntry(backend: Backend, key: string, at: number): Entry | undefined {
  const head = backend.head(key)
  return head && entryOf(backend, visibleRevision(backend, head, at))
}

/** A range as of a revision. Costs the keys walked, and for each the writes it has had since. */
export function readRange(backend: Backend, request: RangeRequest, at: number): RangeResult {
  const { prefix, limit = Number.POSITIVE_INFINITY, count = false } = request
  const entries: Entry[] = []
  let remaining = 0
  for (const [key, head] of backend.heads(firstKey(request))) {
    if (!key.startsWith(prefix)) break
    const revision = visibleRevision(backend, head, at)
    if (revision === 0) continue
    if (entries.length < limit) {
      const entry = entryOf(backend, revision)
      if (entry) entries.push(entry)
      continue
    }
    remaining++
    if (!count) break
  }
  return { entries, revision: at, more: remaining > 0, remaining: count ? remaining : undefined }
}

function firstKey({ prefix, start = prefix }: RangeRequest): string {
  return compareKeys(start, prefix) < 0 ? prefix : start
}

/** Revision of the put that a reader at `at` sees, 0 if the key was absent then. Follows the chain of records back. */
function visibleRevision(backend: Backend, head: Head, at: number): number {
  if (head.revision <= at) return head.deleted ? 0 : head.revision
  let link = backend.link(head.revision)
  while (link && link.previous > at) link = backend.link(link.previous)
  if (!link || link.previous === 0) return 0
  // A deletion that compaction removed leaves a dangling link, which is as good as the deletion.
  return backend.link(link.previous)?.type === 'put' ? link.previous : 0
}

function entryOf(backend: Backend, revision: number): Entry | undefined {
  const record = revision === 0 ? undefined : backend.record(revision)
  return record && { key: record.key, value: record.value, createRevision: record.createRevision, modRevision: record.revision }
}
