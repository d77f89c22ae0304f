import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Job = TypeOf<'batch.v1.Job'>
export type JobList = ListOf<Job>

export const Job: Kind<Job> = defineKind('batch.v1.Job', {
  plural: 'jobs',
  categories: ['all'],
  subresources: [statusSubresource],
})
