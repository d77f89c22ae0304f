import type { TypeTable } from '../../declaration/type-table.js'

export const serviceCidrTypes = {
  IPAddress: {
    $: { object: true, about: 'That an address is taken, and by whom; the name is the address.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['IPAddressSpec', 2],
  },
  IPAddressSpec: {
    parentRef: ['ParentReference?!', 1, { empty: 'omitted' }],
  },
  ParentReference: {
    group: ['string', 1],
    resource: ['string!', 2, { empty: 'omitted' }],
    namespace: ['string', 3],
    name: ['string!', 4, { empty: 'omitted' }],
  },
  ServiceCIDR: {
    $: { object: true, about: 'A range services get their addresses from.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ServiceCIDRSpec', 2],
    status: ['ServiceCIDRStatus', 3],
  },
  ServiceCIDRSpec: {
    cidrs: ['string[]', 1],
  },
  ServiceCIDRStatus: {
    conditions: ['meta.v1.Condition[]', 1, { keys: ['type'], merge: 'type' }],
  },
} as const satisfies TypeTable
