import type { Findings } from '../findings.js'

interface Counted {
  readonly collisionCount?: number
}

/** Names of revisions are made with it, so it never goes back. */
export function checkCollisionCount(found: Findings, status: Counted | undefined, old: Counted | undefined): void {
  const before = old?.collisionCount
  const now = status?.collisionCount
  if (before !== undefined && (now === undefined || now < before)) found.invalid('status.collisionCount', now ?? 0, 'cannot be decremented')
}
