import type { TypeTable } from '../../declaration/type-table.js'

export const scaleTypes = {
  CrossVersionObjectReference: {
    $: { atomic: true },
    kind: ['string!', 1],
    name: ['string!', 2],
    apiVersion: ['string', 3],
  },
  Scale: {
    $: { object: true, about: 'How many pods a workload has and should have: all of it that `scale` shows.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ScaleSpec', 2],
    status: ['ScaleStatus', 3],
  },
  ScaleSpec: {
    replicas: ['int32', 1],
  },
  ScaleStatus: {
    replicas: ['int32!', 1],
    selector: ['string', 2],
  },
} as const satisfies TypeTable
