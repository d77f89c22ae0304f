import type { TypeTable } from '../../declaration/type-table.js'

export const tableAnswerTypes = {
  Table: {
    $: { object: true },
    metadata: ['ListMeta', 0],
    columnDefinitions: ['TableColumnDefinition[]!', 0],
    rows: ['TableRow[]!', 0],
  },
  TableColumnDefinition: {
    name: ['string!', 0],
    type: ['string!', 0],
    format: ['string!', 0],
    description: ['string!', 0],
    priority: ['int32!', 0],
  },
  TableRow: {
    conditions: ['TableRowCondition[]', 0],
    object: ['any', 0],
  },
  TableRowCondition: {
    type: ['RowConditionType!', 0],
    status: ['ConditionStatus!', 0],
    reason: ['string', 0],
    message: ['string', 0],
  },
  RowConditionType: ['Completed', '*'],
} as const satisfies TypeTable
