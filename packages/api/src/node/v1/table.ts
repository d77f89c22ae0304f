import { runtimeClassTypes } from './runtime-class.js'

/** Every declared type of node.v1. */
export const nodeV1Types = { ...runtimeClassTypes } as const
