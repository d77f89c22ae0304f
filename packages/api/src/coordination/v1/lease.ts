import type { TypeTable } from '../../declaration/type-table.js'

export const leaseTypes = {
  Lease: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['LeaseSpec', 2],
  },
  LeaseSpec: {
    holderIdentity: ['string?', 1],
    leaseDurationSeconds: ['int32?', 2],
    acquireTime: ['MicroTime?', 3],
    renewTime: ['MicroTime?', 4],
    leaseTransitions: ['int32?', 5],
    strategy: ['CoordinatedLeaseStrategy?', 6, { gate: 'CoordinatedLeaderElection' }],
    preferredHolder: ['string?', 7, { gate: 'CoordinatedLeaderElection' }],
  },
  CoordinatedLeaseStrategy: ['OldestEmulationVersion', '*'],
} as const satisfies TypeTable
