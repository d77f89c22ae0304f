import type { TypeTable } from '../../declaration/type-table.js'

export const runtimeClassTypes = {
  Overhead: {
    podFixed: ['Quantity{}', 1],
  },
  RuntimeClass: {
    $: { object: true, about: 'A container runtime nodes may have, and what its pods cost.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    handler: ['string!', 2],
    overhead: ['Overhead?', 3],
    scheduling: ['Scheduling?', 4],
  },
  Scheduling: {
    nodeSelector: ['string{}', 1, { atomic: true }],
    tolerations: ['core.v1.Toleration[]', 2],
  },
} as const satisfies TypeTable
