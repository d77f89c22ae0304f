import type { TypeTable } from '../../declaration/type-table.js'

export const eventTypes = {
  Event: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta!', 1],
    involvedObject: ['ObjectReference!', 2],
    reason: ['string', 3],
    message: ['string', 4],
    source: ['EventSource', 5],
    firstTimestamp: ['Time', 6],
    lastTimestamp: ['Time', 7],
    count: ['int32', 8],
    type: ['string', 9],
    eventTime: ['MicroTime', 10],
    series: ['EventSeries?', 11],
    action: ['string', 12],
    related: ['ObjectReference?', 13],
    reportingComponent: ['string', 14, { empty: 'encoded' }],
    reportingInstance: ['string', 15, { empty: 'encoded' }],
  },
  EventSeries: {
    count: ['int32', 1],
    lastObservedTime: ['MicroTime', 2],
  },
  EventSource: {
    component: ['string', 1],
    host: ['string', 2],
  },
  ComponentStatus: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    conditions: ['ComponentCondition[]', 2, { keys: ['type'], merge: 'type' }],
  },
  ComponentCondition: {
    type: ['ComponentConditionType!', 1],
    status: ['ConditionStatus!', 2],
    message: ['string', 3],
    error: ['string', 4],
  },
  ComponentConditionType: ['Healthy', '*'],
  ConditionStatus: ['True', 'False', 'Unknown', '*'],
} as const satisfies TypeTable
