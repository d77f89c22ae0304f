import type { TypeTable } from '../../declaration/type-table.js'

export const priorityClassTypes = {
  PriorityClass: {
    $: { object: true, about: 'A name for how important pods are.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    value: ['int32!', 2],
    globalDefault: ['boolean', 3],
    description: ['string', 4],
    preemptionPolicy: ['core.v1.PreemptionPolicy?', 5],
  },
} as const satisfies TypeTable
