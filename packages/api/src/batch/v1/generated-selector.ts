import type { TypeOf } from '../../declaration/type-of.js'

/**
 * Ties the pods of a job to it by its uid. Labels a client has set already are left, for validation to find them in
 * conflict.
 */
export function generateSelector(job: TypeOf<'batch.v1.Job'>): void {
  const { spec } = job
  if (!spec) return
  const { name = '', uid = '' } = job.metadata
  spec.template ??= {}
  spec.template.metadata ??= {}
  spec.template.metadata.labels = {
    'job-name': name,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'batch.kubernetes.io/controller-uid': uid,
    ...spec.template.metadata.labels,
  }
  spec.selector ??= {}
  spec.selector.matchLabels = { 'batch.kubernetes.io/controller-uid': uid, ...spec.selector.matchLabels }
}
