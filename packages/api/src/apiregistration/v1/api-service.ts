import type { TypeTable } from '../../declaration/type-table.js'

export const apiServiceTypes = {
  APIService: {
    $: { object: true, about: 'Where a group version of the API is served: here, or by a server of its own.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['APIServiceSpec', 2],
    status: ['APIServiceStatus', 3],
  },
  APIServiceCondition: {
    type: ['APIServiceConditionType!', 1],
    status: ['ConditionStatus!', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  APIServiceSpec: {
    service: ['ServiceReference?', 1],
    group: ['string', 2],
    version: ['string', 3],
    insecureSkipTLSVerify: ['boolean', 4],
    caBundle: ['bytes', 5],
    groupPriorityMinimum: ['int32!', 7],
    versionPriority: ['int32!', 8],
  },
  APIServiceStatus: {
    conditions: ['APIServiceCondition[]', 1, { keys: ['type'], merge: 'type' }],
  },
  ServiceReference: {
    namespace: ['string', 1],
    name: ['string', 2],
    port: ['int32?', 3],
  },
  APIServiceConditionType: ['Available', '*'],
  ConditionStatus: ['True', 'False', 'Unknown', '*'],
} as const satisfies TypeTable
