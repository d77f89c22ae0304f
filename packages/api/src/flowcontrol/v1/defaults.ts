import type { DefaultsTable } from '../../declaration/defaults.js'

export const flowcontrolDefaults: DefaultsTable = {
  'flowcontrol.v1.FlowSchemaSpec': { matchingPrecedence: 1000 },
  'flowcontrol.v1.ExemptPriorityLevelConfiguration': { nominalConcurrencyShares: 0, lendablePercent: 0 },
  'flowcontrol.v1.LimitedPriorityLevelConfiguration': { nominalConcurrencyShares: 30, lendablePercent: 0 },
  'flowcontrol.v1.QueuingConfiguration': { handSize: 8, queues: 64, queueLengthLimit: 50 },
}
