import type { DefaultsTable } from '../../declaration/defaults.js'

const noBackoffLimit = 2 ** 31 - 1

export const batchDefaults: DefaultsTable = {
  // Of the Job, not of its spec: the template of a CronJob is left as it is until a job is made of it.
  'batch.v1.Job': (job) => {
    const spec = job.spec
    if (!spec) return
    if (spec.parallelism === undefined) {
      spec.completions ??= 1
      spec.parallelism = 1
    }
    spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : noBackoffLimit
    const labels = spec.template?.metadata?.labels
    if (labels && Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = { ...labels }
    spec.completionMode ??= 'NonIndexed'
    spec.suspend ??= false
    spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
    spec.manualSelector ??= false
  },
  'batch.v1.CronJobSpec': { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': { status: 'True' },
}
