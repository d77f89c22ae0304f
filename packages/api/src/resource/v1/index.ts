import type { Kind } from '../../kind.js'
import { DeviceClass } from './kinds/device-class.js'
import { ResourceClaim } from './kinds/resource-claim.js'
import { ResourceClaimTemplate } from './kinds/resource-claim-template.js'
import { ResourceSlice } from './kinds/resource-slice.js'

export * from './kinds/device-class.js'
export * from './kinds/resource-claim.js'
export * from './kinds/resource-claim-template.js'
export * from './kinds/resource-slice.js'
export type * from './types.js'

/** In discovery's order. */
export const resourceV1Kinds: readonly Kind[] = [DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice]
