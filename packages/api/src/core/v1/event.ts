import type { TypeTable } from '../../declaration/type-table.js'

export const eventTypes = {
  Event: {
    $: { object: true, about: 'Something that happened to an object, kept for an hour.' },
    metadata: ['meta.v1.ObjectMeta!', 1],
    involvedObject: ['ObjectReference!', 2, { about: 'What it is about.' }],
    reason: ['string', 3, { about: 'Why it happened, in one word.' }],
    message: ['string', 4, { about: 'What happened, for people.' }],
    source: ['EventSource', 5],
    firstTimestamp: ['Time', 6, { about: 'When it was first observed.' }],
    lastTimestamp: ['Time', 7, { about: 'When it was last observed.' }],
    count: ['int32', 8, { about: 'How often it was observed.' }],
    type: ['string', 9, { about: 'Normal or Warning.' }],
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
    $: { object: true, about: 'How the parts of the control plane are; asked when read, never stored.' },
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
