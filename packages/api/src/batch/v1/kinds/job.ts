import { humanDuration } from '@treeline/machinery'
import { templateColumns } from '../../../core/v1/template-columns.js'
import { podNameWarnings } from '../../../core/v1/warnings/name-warnings.js'
import { specChanged } from '../../../core/v1/warnings/pod-warnings.js'
import { selectorCell } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { generateSelector } from '../generated-selector.js'
import { jobSpecWarnings } from '../job-warnings.js'

export type Job = TypeOf<'batch.v1.Job'>
export type JobList = ListOf<Job>

/** Runs pods until enough of them have succeeded. */
export const Job: Kind<Job> = defineKind('batch.v1.Job', {
  plural: 'jobs',
  categories: ['all'],
  subresources: [statusSubresource],
  selectableFields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  columns: [
    nameColumn,
    column('Status', 'string', 'Whether it runs, waits or has ended.', statusCell),
    column('Completions', 'string', 'Pods that succeeded, of those needed.', completionsCell),
    column('Duration', 'string', 'How long it has run.', durationCell),
    ageColumn,
    ...templateColumns<Job>(({ spec }) => spec?.template),
    wideColumn('Selector', 'string', 'Which pods are its own.', ({ spec }) => selectorCell(spec?.selector)),
  ],
  strategy: {
    generation: 'spec',
    defaultPropagation: 'Orphan',
    prepareForCreate(job) {
      if (!job.spec?.manualSelector) generateSelector(job)
    },
    warningsOnCreate: ({ metadata, spec }) => [
      ...podNameWarnings(metadata.name, 'Pod names and hostnames'),
      ...jobSpecWarnings('spec', spec),
    ],
    warningsOnUpdate: (job, old) => (specChanged(job, old) ? jobSpecWarnings('spec', job.spec) : []),
  },
})

/** In order of precedence. */
const states: readonly (readonly [condition: string, state: string])[] = [
  ['Complete', 'Complete'],
  ['Failed', 'Failed'],
  ['', 'Terminating'],
  ['Suspended', 'Suspended'],
  ['FailureTarget', 'FailureTarget'],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
]

function statusCell({ metadata, status }: Job): string {
  const holds = (type: string): boolean => status?.conditions?.find((condition) => condition.type === type)?.status === 'True'
  const found = states.find(([condition]) => (condition === '' ? metadata.deletionTimestamp !== undefined : holds(condition)))
  return found?.[1] ?? 'Running'
}

function completionsCell({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`
  const parallelism = spec?.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationCell({ status }: Job, now: number): string {
  if (!status?.startTime) return ''
  const end = status.completionTime ? Date.parse(status.completionTime) : now
  return humanDuration(end - Date.parse(status.startTime))
}
