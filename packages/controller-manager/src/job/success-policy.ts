import type { Job } from '@treeline/api'
import { IndexRanges } from './index-ranges.js'

/** The message of the first rule of the success policy that these indexes fulfil. */
export function fulfilledRule(job: Job, succeeded: IndexRanges): string | undefined {
  if (succeeded.size === 0) return undefined
  const rules = job.spec?.successPolicy?.rules ?? []
  const index = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && succeeded.size >= succeededCount
    const wanted = IndexRanges.parse(succeededIndexes, job.spec?.completions ?? 0)
    if (wanted.size === 0) return false
    const reached = wanted.overlap(succeeded)
    return reached === wanted.size || (succeededCount !== undefined && reached >= succeededCount)
  })
  return index < 0 ? undefined : `Matched rules at index ${index}`
}
