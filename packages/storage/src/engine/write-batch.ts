import type { WriteResult } from '../store.js'
import type { Backend, Head, Write } from './backend.js'

/** A write that waits for its turn. */
export interface Operation {
  readonly type: 'put' | 'delete'
  readonly key: string
  /** modRevision that the key must have; 0 for absent. */
  readonly expected: number
  readonly value: Buffer
  /** Milliseconds since the epoch; 0 for never. */
  readonly deadline: number
  readonly resolve: (result: WriteResult) => void
  readonly reject: (error: Error) => void
}

export interface Evaluation {
  readonly writes: readonly Write[]
  /** Revision given to each operation; 0 where the compare failed. */
  readonly revisions: readonly number[]
}

/** Decides operations in order, each against what the ones before it leave behind. Changes nothing yet. */
export function evaluate(backend: Backend, batch: readonly Operation[], newest: number): Evaluation {
  const pending = new Map<string, Head>()
  const writes: Write[] = []
  const revisions: number[] = []
  for (const operation of batch) {
    const { type, key, expected, value, deadline } = operation
    const before = pending.get(key) ?? backend.head(key)
    const current = before && !before.deleted ? before.revision : 0
    if (current !== expected || (type === 'delete' && current === 0)) {
      revisions.push(0)
      continue
    }
    const revision = newest + writes.length + 1
    const createRevision = before && current !== 0 ? before.createRevision : revision
    const head: Head = { revision, createRevision, deleted: type === 'delete', deadline }
    const record = { type, key, revision, createRevision, value, previous: before?.revision ?? 0 }
    writes.push({ record, head, formerDeadline: before?.deadline ?? 0 })
    pending.set(key, head)
    revisions.push(revision)
  }
  return { writes, revisions }
}
