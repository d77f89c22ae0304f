import type { TypeOf } from '../../declaration/type-of.js'

export type AddressType = TypeOf<'discovery.v1.AddressType'>
export type DiscoveryV1EndpointPort = TypeOf<'discovery.v1.EndpointPort'>
export type Endpoint = TypeOf<'discovery.v1.Endpoint'>
export type EndpointConditions = TypeOf<'discovery.v1.EndpointConditions'>
export type EndpointHints = TypeOf<'discovery.v1.EndpointHints'>
export type ForNode = TypeOf<'discovery.v1.ForNode'>
export type ForZone = TypeOf<'discovery.v1.ForZone'>
