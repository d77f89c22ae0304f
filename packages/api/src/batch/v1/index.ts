import type { Kind } from '../../kind.js'
import { CronJob } from './kinds/cron-job.js'
import { Job } from './kinds/job.js'

export * from './kinds/cron-job.js'
export * from './kinds/job.js'
export type * from './types.js'

/** In discovery's order. */
export const batchV1Kinds: readonly Kind[] = [CronJob, Job]
