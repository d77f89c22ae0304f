import type { Kind } from '../../kind.js'
import { Ingress } from './kinds/ingress.js'
import { IngressClass } from './kinds/ingress-class.js'
import { IPAddress } from './kinds/ip-address.js'
import { NetworkPolicy } from './kinds/network-policy.js'
import { ServiceCIDR } from './kinds/service-cidr.js'

export * from './kinds/ingress.js'
export * from './kinds/ingress-class.js'
export * from './kinds/ip-address.js'
export * from './kinds/network-policy.js'
export * from './kinds/service-cidr.js'
export type * from './types.js'

/** In discovery's order. */
export const networkingV1Kinds: readonly Kind[] = [Ingress, IngressClass, IPAddress, NetworkPolicy, ServiceCIDR]
