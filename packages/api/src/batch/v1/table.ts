import { jobTypes } from './job.js'

/** Every declared type of batch.v1. */
export const batchV1Types = { ...jobTypes } as const
