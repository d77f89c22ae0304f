import { leaseTypes } from './lease.js'

/** Every declared type of coordination.v1. */
export const coordinationV1Types = { ...leaseTypes } as const
