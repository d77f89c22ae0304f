import type { TypeTable } from '../../declaration/type-table.js'

export const leaseTypes = {
  Lease: {
    $: { object: true, about: 'Something one party holds for a time: leadership, or a sign of life.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['LeaseSpec', 2],
  },
  LeaseSpec: {
    holderIdentity: ['string?', 1, { about: 'Who holds it.' }],
    leaseDurationSeconds: ['int32?', 2, { about: 'How long it holds without renewal.' }],
    acquireTime: ['MicroTime?', 3, { about: 'When its holder got it.' }],
    renewTime: ['MicroTime?', 4, { about: 'When its holder last renewed it.' }],
    leaseTransitions: ['int32?', 5, { about: 'How often it changed hands.' }],
    strategy: ['CoordinatedLeaseStrategy?', 6, { gate: 'CoordinatedLeaderElection' }],
    preferredHolder: ['string?', 7, { gate: 'CoordinatedLeaderElection' }],
  },
  CoordinatedLeaseStrategy: ['OldestEmulationVersion', '*'],
} as const satisfies TypeTable
