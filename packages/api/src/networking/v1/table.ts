import { ingressTypes } from './ingress.js'
import { networkPolicyTypes } from './network-policy.js'
import { serviceCidrTypes } from './service-cidr.js'

/** Every declared type of networking.v1. */
export const networkingV1Types = { ...networkPolicyTypes, ...serviceCidrTypes, ...ingressTypes } as const
