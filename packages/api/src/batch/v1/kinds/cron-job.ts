import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CronJob = TypeOf<'batch.v1.CronJob'>
export type CronJobList = ListOf<CronJob>

export const CronJob: Kind<CronJob> = defineKind('batch.v1.CronJob', {
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  subresources: [statusSubresource],
})
