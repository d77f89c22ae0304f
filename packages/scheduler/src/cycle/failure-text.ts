import type { Diagnosis } from './feasible.js'

/** `0/N nodes are available: …`, reasons sorted with their counts. Source: scheduler contract §1, Failure text. */
export function failureText(diagnosis: Diagnosis, afterwards: string): string {
  let text = `0/${diagnosis.nodeCount} nodes are available:`
  if (diagnosis.everywhere) text += ` ${diagnosis.everywhere.reasons.join(', ')}.`
  else {
    const reasons = countReasons([...diagnosis.refusals.values()].flatMap((refusal) => refusal.reasons))
    if (reasons.length > 0) text += ` ${reasons.join(', ')}.`
  }
  return afterwards === '' ? text : `${text} ${afterwards}`
}

/** `3 Too many pods`, sorted as texts, counts included. */
export function countReasons(reasons: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
}
