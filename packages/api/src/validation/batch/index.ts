import type { ValidationsTable } from '../../declaration/validations.js'
import { cronJobValidation } from './cron-job.js'
import { jobValidation } from './job.js'

export const batchValidations: ValidationsTable = {
  'batch.v1.CronJob': cronJobValidation,
  'batch.v1.Job': jobValidation,
}
