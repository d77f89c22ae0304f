import { Binding, Eviction, type Kind, Scale, TokenRequest } from '@treeline/api'

/** Kinds that only subresources take or give, by apiVersion and Kind. */
export const subresourceKinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['v1/Binding', Binding as unknown as Kind],
  ['policy/v1/Eviction', Eviction as unknown as Kind],
  ['autoscaling/v1/Scale', Scale as unknown as Kind],
  ['authentication.k8s.io/v1/TokenRequest', TokenRequest as unknown as Kind],
])
