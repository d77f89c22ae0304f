import { formatTime } from '@treeline/machinery'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type APIService = TypeOf<'apiregistration.v1.APIService'>
export type APIServiceList = ListOf<APIService>

/** Where a group version of the API is served: here, or by a server of its own. */
export const APIService: Kind<APIService> = defineKind('apiregistration.v1.APIService', {
  plural: 'apiservices',
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: [statusSubresource],
  storagePrefix: 'apiregistration.k8s.io/apiservices',
  columns: [
    nameColumn,
    column('Service', 'string', 'The service that serves it.', ({ spec }) =>
      spec?.service ? `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}` : 'Local',
    ),
    column('Available', 'string', 'Whether it answers.', availableCell),
    ageColumn,
  ],
  strategy: {
    allowUnconditionalUpdate: false,
    prepareForCreate(service, { now = new Date() } = {}) {
      if (service.spec?.service) return
      service.status = {
        conditions: [
          {
            type: 'Available',
            status: 'True',
            lastTransitionTime: formatTime(now),
            reason: 'Local',
            message: 'Local APIServices are always available',
          },
        ],
      }
    },
    prepareForStatusUpdate: (service, old) => restoreMetadata(service, old, ['labels', 'annotations', 'finalizers', 'ownerReferences']),
    resetFields: { '': ['status'], status: ['metadata', 'spec'] },
  },
})

function availableCell({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' || !condition.reason ? condition.status : `${condition.status} (${condition.reason})`
}
