import { podTemplateWarnings } from '../../core/v1/warnings/pod-warnings.js'
import type { TypeOf } from '../../declaration/type-of.js'

type JobSpec = TypeOf<'batch.v1.JobSpec'>

const manyCompletions = 100_000
const manyAtOnce = 10_000

/** Texts for a job spec at `path`, such as `spec.jobTemplate.spec`. */
export function jobSpecWarnings(path: string, spec: JobSpec | undefined): string[] {
  if (!spec) return []
  const warnings: string[] = []
  if (spec.completionMode === 'Indexed' && (spec.completions ?? 0) > manyCompletions && (spec.parallelism ?? 0) > manyAtOnce) {
    warnings.push(
      `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
    )
  }
  return [...warnings, ...podTemplateWarnings(`${path}.template`, spec.template)]
}
