import { templateColumns } from '../../../core/v1/template-columns.js'
import { podNameWarnings } from '../../../core/v1/warnings/name-warnings.js'
import { specChanged } from '../../../core/v1/warnings/pod-warnings.js'
import { age, orNone, selectorCell } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'
import { jobSpecWarnings } from '../job-warnings.js'

export type CronJob = TypeOf<'batch.v1.CronJob'>
export type CronJobList = ListOf<CronJob>

/** Makes a job at times of a schedule. */
export const CronJob: Kind<CronJob> = defineKind('batch.v1.CronJob', {
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Schedule', 'string', 'When jobs are made, as cron writes it.', ({ spec }) => spec?.schedule ?? ''),
    column('Timezone', 'string', 'Where the times of the schedule hold.', ({ spec }) => orNone(spec?.timeZone)),
    column('Suspend', 'boolean', 'Whether it makes no more jobs for now.', ({ spec }) =>
      spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
    ),
    column('Active', 'integer', 'Jobs that run now.', ({ status }) => status?.active?.length ?? 0),
    column('Last Schedule', 'string', 'When it last made a job.', ({ status }, now) =>
      status?.lastScheduleTime ? age(status.lastScheduleTime, now) : '<none>',
    ),
    ageColumn,
    ...templateColumns<CronJob>(({ spec }) => spec?.jobTemplate?.spec?.template),
    wideColumn('Selector', 'string', 'Which pods are of its jobs.', ({ spec }) => selectorCell(spec?.jobTemplate?.spec?.selector)),
  ],
  strategy: {
    generation: 'spec',
    warningsOnCreate: ({ metadata, spec }) => [
      ...podNameWarnings(metadata.name, 'Pod names and hostnames'),
      ...jobSpecWarnings('spec.jobTemplate.spec', spec?.jobTemplate?.spec),
    ],
    warningsOnUpdate: (cronJob, old) => [
      ...(specChanged(cronJob, old) ? jobSpecWarnings('spec.jobTemplate.spec', cronJob.spec?.jobTemplate?.spec) : []),
      ...scheduleWarnings(cronJob),
    ],
  },
})

function scheduleWarnings({ spec }: CronJob): string[] {
  if (!spec?.schedule?.includes('TZ')) return []
  return [
    'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
  ]
}
