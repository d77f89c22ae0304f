import { resourceClaimTypes } from './resource-claim.js'
import { resourceSliceTypes } from './resource-slice.js'

/** Every declared type of resource.v1. */
export const resourceV1Types = { ...resourceClaimTypes, ...resourceSliceTypes } as const
