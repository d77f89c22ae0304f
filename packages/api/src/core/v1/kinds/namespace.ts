import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, everyVerb, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreStatus } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Namespace = TypeOf<'core.v1.Namespace'>
export type NamespaceList = ListOf<Namespace>

/** A room of its own for names. Deleting it deletes what is in it, which `spec.finalizers` waits for. */
export const Namespace: Kind<Namespace> = defineKind('core.v1.Namespace', {
  plural: 'namespaces',
  shortNames: ['ns'],
  scope: 'Cluster',
  verbs: everyVerb.filter((verb) => verb !== 'deletecollection'),
  subresources: [{ name: 'finalize', verbs: ['update'] }, statusSubresource],
  selectableFields: { 'status.phase': ({ status }) => status?.phase ?? '' },
  columns: [
    nameColumn,
    column('Status', 'string', 'Whether it is in use or being emptied.', ({ status }) => status?.phase ?? ''),
    ageColumn,
  ],
  strategy: {
    nameRule: 'dns-label',
    returnDeletedObject: true,
    prepareForCreate(namespace) {
      namespace.status = { phase: 'Active' }
      const finalizers = namespace.spec?.finalizers ?? []
      namespace.spec = { finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] }
      labelWithName(namespace)
    },
    prepareForUpdate(namespace, old) {
      namespace.spec = { ...namespace.spec, finalizers: old.spec?.finalizers }
      labelWithName(namespace)
    },
    prepareForStatusUpdate: labelWithName,
    subresources: {
      finalize: {
        prepareForUpdate(namespace, old) {
          restoreStatus(namespace, old)
          labelWithName(namespace)
        },
      },
    },
    resetFields: { '': ['status'], status: ['spec'], finalize: ['status'] },
  },
})

/** So that label selectors can find a namespace by name. */
function labelWithName({ metadata }: Namespace): void {
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name ?? '' }
}
