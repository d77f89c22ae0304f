import type { TypeTable } from '../../declaration/type-table.js'

export const priorityLevelConfigurationTypes = {
  ExemptPriorityLevelConfiguration: {
    nominalConcurrencyShares: ['int32?', 1],
    lendablePercent: ['int32?', 2],
  },
  LimitedPriorityLevelConfiguration: {
    nominalConcurrencyShares: ['int32?', 1, { empty: 'encoded' }],
    limitResponse: ['LimitResponse', 2],
    lendablePercent: ['int32?', 3],
    borrowingLimitPercent: ['int32?', 4],
  },
  LimitResponse: {
    type: ['LimitResponseType!', 1],
    queuing: ['QueuingConfiguration?', 2],
  },
  PriorityLevelConfiguration: {
    $: { object: true, about: 'How many requests of a sort are served at once, and what becomes of the others.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['PriorityLevelConfigurationSpec', 2],
    status: ['PriorityLevelConfigurationStatus', 3],
  },
  PriorityLevelConfigurationCondition: {
    type: ['string', 1],
    status: ['ConditionStatus', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
  },
  PriorityLevelConfigurationReference: {
    name: ['string!', 1],
  },
  PriorityLevelConfigurationSpec: {
    type: ['PriorityLevelEnablement!', 1],
    limited: ['LimitedPriorityLevelConfiguration?', 2],
    exempt: ['ExemptPriorityLevelConfiguration?', 3],
  },
  PriorityLevelConfigurationStatus: {
    conditions: ['PriorityLevelConfigurationCondition[]', 1, { keys: ['type'], merge: 'type' }],
  },
  QueuingConfiguration: {
    queues: ['int32', 1, { empty: 'encoded' }],
    handSize: ['int32', 2, { empty: 'encoded' }],
    queueLengthLimit: ['int32', 3, { empty: 'encoded' }],
  },
  LimitResponseType: ['Queue', 'Reject', '*'],
  PriorityLevelEnablement: ['Exempt', 'Limited', '*'],
} as const satisfies TypeTable
